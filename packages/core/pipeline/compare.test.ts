import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, type Output } from "./compare.ts";

const media = { width: 64, height: 36, audioCodec: "AAC", durationSeconds: 10 };
const source = { durationSeconds: 10, audioCodec: "AAC" };

function output(changes: Partial<Output> = {}): Output {
  return { label: "720p", kind: "mp4", sizeBytes: 1000, isWhole: true, media, ...changes };
}
const sibling = output({ label: "1080p" });
const poster: Output = { label: "poster", kind: "poster", sizeBytes: 100, isWhole: true };

describe("an output fails its attempt if it", () => {
  test.each<[string, Partial<Output>, string]>([
    ["does not exist", { sizeBytes: undefined, media: undefined }, "missing"],
    ["has no bytes", { sizeBytes: 0 }, "empty"],
    ["is shorter than its index says", { isWhole: false }, "incomplete"],
    ["cannot be read", { media: {} }, "unreadable"],
    ["has no picture", { media: { ...media, width: undefined } }, "unreadable"],
    ["is shorter than the others", { media: { ...media, durationSeconds: 8 } }, "incomplete"],
    ["is shorter than the encoder reported", { reported: { durationSeconds: 12 } }, "incomplete"],
    ["has another size than reported", { reported: { width: 128, height: 72 } }, "wrong_size"],
    ["has no sound, and others have", { media: { ...media, audioCodec: undefined } }, "silent"],
  ])("%s", (_, changes, problem) => {
    const { fault } = compare([sibling, output(changes), poster], source);
    expect(fault).toEqual({ label: "720p", problem });
  });

  test("is a poster that is missing or empty", () => {
    for (const [sizeBytes, problem] of [
      [undefined, "missing"],
      [0, "empty"],
    ] as const) {
      const { fault } = compare([sibling, { ...poster, sizeBytes }], source);
      expect(fault).toEqual({ label: "poster", problem });
    }
  });
});

describe("a difference that the source explains is a warning:", () => {
  const warningsOf = (
    changes: Partial<Parameters<typeof compare>[1]>,
    of: Output["media"] = media,
  ) => compare([output({ media: of })], { ...source, ...changes }).warnings;

  test("a wrong length in the container, in both directions", () => {
    const wrong = (statedSeconds: number) => [
      { type: "source.length", statedSeconds, seconds: 10 },
    ];
    expect(warningsOf({ durationSeconds: 36_002 })).toEqual(wrong(36_002));
    expect(warningsOf({ durationSeconds: 2 })).toEqual(wrong(2));
    expect(warningsOf({ durationSeconds: 0 })).toEqual([]);
  });

  test("an audio track without sound", () => {
    expect(warningsOf({}, { ...media, audioCodec: undefined })).toEqual([
      { type: "source.silent" },
    ]);
  });

  test("subtitles that no output has", () => {
    const readable = { isTimedText: true };
    const text = [{ language: "de", ...readable }, readable, { language: "fr", ...readable }];
    const carried = { ...media, captions: [{ name: "German" }] };
    const lost = (...languages: string[]) => [{ type: "source.captions", languages }];
    expect(warningsOf({ text })).toEqual(lost("de", "fr"));
    expect(warningsOf({ text }, carried)).toEqual([]);
    const pictures = [...text, { language: "sv" }, { language: "sv" }];
    expect(warningsOf({ text: pictures }, carried)).toEqual(lost("sv"));
  });
});

test("accepts outputs that agree with their source within a second, whatever their length", () => {
  const near = fc.double({ min: -0.45, max: 0.45, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1, max: 40_000, noNaN: true }), near, near, (seconds, a, b) => {
      const of = (more: number) => ({ ...media, durationSeconds: seconds + more });
      const outputs = [output({ media: of(a) }), output({ label: "1080p", media: of(b) }), poster];
      expect(compare(outputs, { ...source, durationSeconds: seconds })).toEqual({ warnings: [] });
    }),
  );
});

describe("an adaptive stream", () => {
  const stream = output({ label: "hls", kind: "hls" });

  test.each<[string, Partial<Output>, string | undefined]>([
    ["is accepted if it is whole and as long as the files", {}, undefined],
    ["may have no picture", { media: { audioCodec: "AAC", durationSeconds: 10 } }, undefined],
    ["fails without its multivariant playlist", { sizeBytes: undefined }, "missing"],
    ["fails without one of its files", { isWhole: false }, "incomplete"],
    ["fails if it is shorter", { media: { ...media, durationSeconds: 8 } }, "incomplete"],
    ["fails without the sound of the files", { media: { durationSeconds: 10 } }, "silent"],
  ])("%s", (_, changes, problem) => {
    const { fault } = compare([sibling, { ...stream, ...changes }], source);
    expect(fault?.problem).toBe(problem);
  });
});
