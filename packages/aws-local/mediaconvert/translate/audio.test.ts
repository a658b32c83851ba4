import { expect, test } from "vitest";
import { parseMedia } from "../media.ts";
import { audioFilters } from "./audio.ts";

const RESAMPLER = "aresample=async=1:rematrix_maxval=1";

function filters(channels: number, channel_layout?: string): string {
  const [track] = parseMedia({
    streams: [{ index: 0, codec_type: "audio", codec_name: "pcm_s16le", channels, channel_layout }],
    format: { format_name: "matroska,webm" },
  }).audio;
  if (!track) throw new Error("There is no audio track.");
  return audioFilters(track);
}

const counts = Array.from({ length: 24 }, (_, index) => index + 1);

test.each(counts)("mixes all of %i unnamed channels with normalized weights", (channels) => {
  const chain = filters(channels, "unknown");
  expect(chain.endsWith(RESAMPLER)).toBe(true);
  if (channels === 1) return expect(chain).toBe(`channelmap=0|0:stereo,${RESAMPLER}`);
  if (channels === 2) return expect(chain).toBe(RESAMPLER);
  // `<` makes ffmpeg divide the weights by their sum.
  const [, left = "", right = ""] = /^pan=stereo\|c0<(.+)\|c1<(.+),/.exec(chain) ?? [];
  const mixed = new Set(`${left}+${right}`.match(/c\d+/g));
  expect(mixed.size).toBe(channels);
});

test("mixes a layout that is only a list of channels the same way", () => {
  expect(filters(3, "3 channels (FC+BL+BR)")).toContain("pan=stereo");
  expect(filters(2, "2 channels (SL+SR)")).toBe(`channelmap=0|1:stereo,${RESAMPLER}`);
  expect(filters(16, undefined)).toContain("+1*c15");
});

test.each(["stereo", "5.1", "5.1(side)", "7.1", "hexadecagonal", "22.2"])(
  "leaves %s to the resampler",
  (layout) => expect(filters(6, layout)).toBe(RESAMPLER),
);
