import { expect, test } from "vitest";
import { isTransient } from "../encoder/failure.ts";
import { type Failure, failureSentence, Failure as Schema, StoredFailure } from "./failure.ts";

const errorId = "1700000000000-abcdef";
const SAMPLES: Record<Failure["type"], Failure> = {
  "source.empty": { type: "source.empty" },
  "source.not_media": { type: "source.not_media" },
  "source.no_video": { type: "source.no_video" },
  "source.audio_only": { type: "source.audio_only" },
  "source.no_audio": { type: "source.no_audio" },
  "source.picture": { type: "source.picture", animated: false },
  "source.truncated": { type: "source.truncated" },
  "source.too_long": { type: "source.too_long", durationSeconds: 3725.2, limitSeconds: 3600 },
  "source.too_large": {
    type: "source.too_large",
    sizeBytes: 2_500_000_000,
    limitBytes: 1_000_000_000,
  },
  "source.missing": { type: "source.missing" },
  "source.archived": { type: "source.archived" },
  "source.replaced": { type: "source.replaced" },
  "source.encrypted": { type: "source.encrypted" },
  "source.damaged": { type: "source.damaged" },
  "source.unsupported_video": { type: "source.unsupported_video" },
  "source.unsupported_audio": { type: "source.unsupported_audio" },
  "source.too_many_pixels": {
    type: "source.too_many_pixels",
    ...{ width: 16_384, height: 16_384, limitPixels: 35_389_440 },
  },
  "source.too_many_frames": { type: "source.too_many_frames", frames: 4_000_000, limitFrames: 10 },
  "source.too_sparse": {
    type: "source.too_sparse",
    ...{ durationSeconds: 42_480, sizeBytes: 1600, limitBytesPerSecond: 10 },
  },
  "encoder.refused": { type: "encoder.refused", errorId },
  "encoder.failed": { type: "encoder.failed", code: 1040, errorId },
  "encoder.lost": { type: "encoder.lost" },
  "encoder.unavailable": { type: "encoder.unavailable" },
  "encoder.unreadable": { type: "encoder.unreadable" },
  "encoder.stopped": { type: "encoder.stopped", errorId },
  "encoder.storage": { type: "encoder.storage", errorId },
  "encoder.out_of_memory": { type: "encoder.out_of_memory", errorId },
  "encoder.time_limit": { type: "encoder.time_limit", limitSeconds: 900 },
  "encoder.memory_limit": { type: "encoder.memory_limit", limitBytes: 4_000_000_000 },
  "encoder.output": { type: "encoder.output", label: "720p", problem: "empty", errorId: "1-a" },
  "encoder.output_limit": { type: "encoder.output_limit", limitBytes: 200_000_000_000 },
};

test("every reason has a complete sentence", () => {
  const types = Schema.options.map((option) => option.shape.type.value);
  expect(Object.keys(SAMPLES).sort()).toEqual([...types].sort());
  for (const failure of Object.values(SAMPLES)) {
    expect(Schema.parse(failure)).toEqual(failure);
    expect(failureSentence(failure)).toMatch(/^[A-Z].{10,}[.)]$/);
  }
});

test("states limits in hours, gigabytes and grouped digits", () => {
  expect(failureSentence(SAMPLES["source.too_long"])).toBe(
    "The video is 1 h 2 min 6 s long. The limit is 1 h.",
  );
  expect(failureSentence(SAMPLES["source.too_large"])).toBe(
    "The file is 2.5 GB. The limit is 1 GB.",
  );
  expect(failureSentence(SAMPLES["source.too_many_pixels"])).toBe(
    "The video has frames of 16384×16384. The limit is 35,389,440 pixels per frame.",
  );
});

test("suggests another try for a fault of the machine, and not for a fault of the file", () => {
  for (const failure of Object.values(SAMPLES)) {
    const again = /Try again/.test(failureSentence(failure));
    expect(again, failure.type).toBe(isTransient(failure));
    if (failure.type.startsWith("source.")) expect(isTransient(failure)).toBe(false);
  }
});

test("shows the ID of the log entry if the file is not the cause", () => {
  for (const type of ["encoder.failed", "encoder.refused", "encoder.stopped"] as const) {
    expect(failureSentence(SAMPLES[type])).toContain(errorId);
  }
});

test("drops the encoder's raw text that an earlier version stored", () => {
  const raw =
    "http://127.0.0.1:3002/uploads/a.mp4?X-Amz-Signature=abc: [mov @ 0x55d0c0ffee80] failed";
  const failed = StoredFailure.parse({ type: "encoder.failed", code: 1030, message: raw });
  expect(failed).toEqual({ type: "source.unsupported_video" });
  const unknown = StoredFailure.parse({ type: "encoder.failed", code: 1999, message: raw });
  expect(failureSentence(unknown)).toBe("The encoder stopped before it finished. Try again.");
  const rejected = StoredFailure.parse({ type: "encoder.refused", message: raw });
  expect(rejected).toEqual({ type: "encoder.refused" });
  expect(failureSentence(rejected)).not.toMatch(/X-Amz|0x|http/);
});
