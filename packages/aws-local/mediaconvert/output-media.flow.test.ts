import { execFile } from "node:child_process";
import { truncate } from "node:fs/promises";
import { promisify } from "node:util";
import { clip, FFPROBE } from "@rushes/testing/clips";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PRESETS } from "../../core/rendition/preset.ts";
import { parseMedia } from "./media.ts";
import { readOutput } from "./output-media.ts";

const run = promisify(execFile);
let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/**
 * What must be found in a file, by ffprobe. Its durations are rounded to the clock of the container, a thousandth of a
 * second. The brand and the bit rate of the whole file are read of sources only.
 *
 * @param bitRate what is expected of a track's bit rate
 */
async function ffprobe(path: string, bitRate: (rate?: number) => unknown = (rate) => rate) {
  const args = ["-v", "error", "-show_format", "-show_streams", "-of", "json", path];
  const { stdout } = await run(FFPROBE, args);
  const { video, audio, brand, bitRate: total, ...media } = parseMedia(JSON.parse(stdout));
  const near = <T extends { durationSeconds?: number }>(one: T): T => ({
    ...one,
    durationSeconds: expect.closeTo(one.durationSeconds ?? 0, 2),
  });
  const track = <T extends { durationSeconds?: number; bitRate?: number }>(one: T) => ({
    ...near(one),
    bitRate: bitRate(one.bitRate),
  });
  return { ...near(media), video: video && track(video), audio: audio.map(track) };
}

test.each(["silent-tiny.mp4", "rotated.mov", "portrait.mp4"] as const)(
  "finds in each output of %s what ffprobe finds",
  async (name) => {
    const url = await encoder.upload(name, await clip(name));
    const { id, prefix } = await encoder.submit(url, { hasAudio: name === "rotated.mov" });
    await encoder.completed(id);
    for (const { label } of PRESETS) {
      const path = await encoder.save(`${prefix}-${label}.mp4`);
      expect(await readOutput(path)).toEqual(await ffprobe(path));
    }
  },
);

/** Half a minute of a picture and six channels of sound, in the codecs of an output. */
async function halfMinute(rate: string): Promise<string> {
  const path = `${encoder.folder}/half-minute.mp4`;
  await ffmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=size=128x72:rate=${rate}:duration=30`],
    ...["-f", "lavfi", "-i", "sine=duration=30,aformat=channel_layouts=5.1"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-profile:v", "main"],
    ...["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc"],
    ...["bt709", "-c:a", "aac", "-movflags", "+faststart", path],
  ]);
  return path;
}

test.each(["24000/1001", "25"])(
  "estimates only the bit rates of half a minute at %s frames a second",
  async (rate) => {
    const path = await halfMinute(rate);
    const near = (rate = 0) =>
      expect.toSatisfy((found: number) => Math.abs(found / rate - 1) < 0.1);
    expect(await readOutput(path)).toEqual(await ffprobe(path, near));
  },
);

test("rejects a file that ends before its index", async () => {
  const path = await halfMinute("25");
  await truncate(path, 2000);
  await expect(readOutput(path)).rejects.toThrow();
});
