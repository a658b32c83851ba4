import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VideoTrack } from "./media.ts";
import { VideoDescription } from "./schema-video.ts";
import { geometry, upright } from "./translate/geometry.ts";

function wanted(over: Record<string, unknown>) {
  return VideoDescription.parse({
    width: 1920,
    height: 1080,
    scalingBehavior: "FIT_NO_UPSCALE",
    codecSettings: { codec: "FRAME_CAPTURE" },
    ...over,
  });
}
const track = (over: Partial<VideoTrack>): VideoTrack => ({
  index: 0,
  codec: "h264",
  tag: "avc1",
  width: 1920,
  height: 1080,
  rotation: 0,
  sampleAspect: { numerator: 1, denominator: 1 },
  frameRate: { numerator: 30, denominator: 1 },
  bitDepth: 8,
  chroma: "YUV_420",
  interlaced: false,
  rgb: false,
  color: {},
  ...over,
});

describe("FIT_NO_UPSCALE", () => {
  test.each([
    ["the box itself", { width: 1920, height: 1080 }, { width: 1920, height: 1080 }],
    ["a larger picture", { width: 3840, height: 2160 }, { width: 1920, height: 1080 }],
    ["a portrait picture", { width: 1080, height: 1920 }, { width: 608, height: 1080 }],
    ["a tiny picture", { width: 160, height: 90 }, { width: 160, height: 90 }],
    ["odd sides", { width: 101, height: 75 }, { width: 100, height: 74 }],
    ["cinema", { width: 4096, height: 1716 }, { width: 1920, height: 804 }],
  ])("fits %s into the box", (_, source, scale) => {
    expect(geometry(source, wanted({}))).toEqual({ scale });
  });

  test("never enlarges, stays in the box, keeps the aspect ratio, and is even", () => {
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const { scale } = geometry({ width, height }, wanted({}));
        expect((scale.width % 2) + (scale.height % 2)).toBe(0);
        expect(scale.width).toBeLessThanOrEqual(Math.max(2, Math.min(1920, width)));
        expect(scale.height).toBeLessThanOrEqual(Math.max(2, Math.min(1080, height)));
        const factor = Math.min(1, 1920 / width, 1080 / height);
        expect(Math.abs(scale.width - width * factor)).toBeLessThanOrEqual(2);
        expect(Math.abs(scale.height - height * factor)).toBeLessThanOrEqual(2);
      }),
    );
  });
});

test("scales to exactly the requested size with the other behaviors", () => {
  const source = { width: 1000, height: 1000 };
  const size = { width: 1280, height: 720 };
  const at = (scalingBehavior: string) => geometry(source, wanted({ ...size, scalingBehavior }));
  expect(at("STRETCH_TO_OUTPUT")).toEqual({ scale: size });
  expect(at("DEFAULT")).toEqual({ scale: { width: 720, height: 720 }, pad: size });
  expect(at("FILL")).toEqual({ scale: { width: 1280, height: 1280 }, crop: size });
  expect(at("FIT")).toEqual({ scale: { width: 720, height: 720 } });
});

test("derives an omitted side from the source", () => {
  const { scale } = geometry(
    { width: 1920, height: 1080 },
    wanted({ width: undefined, height: 360 }),
  );
  expect(scale).toEqual({ width: 640, height: 360 });
});

test("computes the displayed size: upright, with square pixels", () => {
  const wide = track({ width: 720, height: 576, sampleAspect: { numerator: 64, denominator: 45 } });
  expect(upright(wide, 0)).toEqual({ width: 1024, height: 576 });
  expect(upright(track({}), 90)).toEqual({ width: 1080, height: 1920 });
});
