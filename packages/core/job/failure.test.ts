import { expect, test } from "vitest";
import { type Failure, failureSentence, Failure as Schema } from "./failure.ts";

const SAMPLES: Failure[] = [
  { type: "source.empty" },
  { type: "source.not_media" },
  { type: "source.no_video" },
  { type: "source.audio_only" },
  { type: "source.truncated" },
  { type: "source.too_long", durationSeconds: 3725.2, limitSeconds: 3600 },
  { type: "source.too_large", sizeBytes: 2_500_000_000, limitBytes: 1_000_000_000 },
  { type: "source.missing" },
  { type: "encoder.refused", message: "/outputGroups: Should have at least 1 items" },
  { type: "encoder.failed", code: 1517, message: "S3 write failed" },
  { type: "encoder.lost" },
];

test("every reason has a whole sentence", () => {
  expect(SAMPLES.map((one) => one.type)).toEqual(
    Schema.options.map((option) => option.shape.type.value),
  );
  for (const failure of SAMPLES) expect(failureSentence(failure)).toMatch(/^[A-Z].{10,}[.)]$/);
});

test("limits are said in words that people use", () => {
  expect(failureSentence(SAMPLES[5] ?? { type: "source.empty" })).toBe(
    "The video is 1 h 2 min 6 s long; at most 1 h is allowed.",
  );
  expect(failureSentence(SAMPLES[6] ?? { type: "source.empty" })).toBe(
    "The file has 2.5 GB; at most 1.0 GB is allowed.",
  );
});

test("a fault that may pass says to try again, one of the file does not", () => {
  const said = (code: number) => failureSentence({ type: "encoder.failed", code, message: "x" });
  for (const code of [1517, 1522, 1550, 1999]) expect(said(code)).toContain("try again");
  for (const code of [1010, 1020, 1030, 1040]) expect(said(code)).not.toContain("try again");
});
