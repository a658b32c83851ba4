import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/** Transcodes the file that ffmpeg writes with these arguments. */
async function transcode(name: string, args: string[]) {
  const path = join(encoder.folder, name);
  await ffmpeg([...args, path]);
  const { id, prefix } = await encoder.submit(await encoder.upload(name, await readFile(path)));
  const { detail } = await encoder.event(id, "COMPLETE", "ERROR");
  expect(detail, encoder.logOf(id)).toMatchObject({ status: "COMPLETE" });
  return encoder.probe(`${prefix}-web-720p.mp4`);
}

/** The level of each channel in dB. */
async function channelLevels(path: string): Promise<number[]> {
  const samples = await ffmpeg(["-i", path, "-f", "f32le", "-ac", "2", "pipe:1"]);
  const sums = [0, 0];
  for (let at = 0; at < samples.length / 4; at++) {
    sums[at % 2] = (sums[at % 2] ?? 0) + samples.readFloatLE(at * 4) ** 2;
  }
  return sums.map((sum) => 10 * Math.log10(sum / (samples.length / 8) + 1e-12));
}

const lavfi = (source: string) => ["-f", "lavfi", "-i", source];
const video = (size: string) => lavfi(`testsrc2=s=${size}:r=10:d=1`);
const silence = (layout: string) => lavfi(`anullsrc=r=48000:cl=${layout}:d=1`);
/** A tone at -21 dB in every channel. */
const tone = (channels: number) =>
  lavfi(`aevalsrc=${Array(channels).fill("0.125*sin(880*PI*t)").join("|")}:s=48000:d=1`);
const map = (count: number) => Array.from({ length: count }, (_, n) => ["-map", `${n}`]).flat();

test("merges the mono tracks of a recording, and ignores a disabled thumbnail track", async () => {
  const { path, video: picture } = await transcode("mono.mov", [
    ...[...video("64x36"), ...video("128x72"), ...silence("mono"), ...tone(1), ...map(4)],
    ...["-c:v", "libx264", "-c:a", "pcm_s16le"],
    ...["-disposition:v:0", "0", "-disposition:v:1", "default"],
  ]);
  expect(picture).toMatchObject({ width: 128, height: 72 });
  // Both sides have all tracks at their level.
  for (const level of await channelLevels(path)) expect(Math.abs(level + 21)).toBeLessThan(1);
});

test("uses the default audio track", async () => {
  const { path } = await transcode("default.mkv", [
    ...[...video("64x36"), ...silence("stereo"), ...tone(2), ...map(3)],
    ...["-c:v", "libx264", "-c:a", "pcm_s16le"],
    ...["-disposition:a:0", "0", "-disposition:a:1", "default"],
  ]);
  for (const level of await channelLevels(path)) expect(Math.abs(level + 21)).toBeLessThan(1);
});
