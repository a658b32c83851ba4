import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProbeCommand } from "@aws-sdk/client-mediaconvert";
import { clip } from "@rushes/testing/clips";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/** Transcodes the file that ffmpeg writes with these arguments. */
async function transcode(name: string, args: string[]) {
  const { id, prefix } = await encoder.submit(await encoder.make(name, args), {
    downloads: ["web-720p"],
  });
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

test("keeps mono tracks that begin at different times in sync", async () => {
  // Half a second of silence, then a tone in a track that begins with it.
  const { path } = await transcode("late.mov", [
    ...[...video("64x36"), ...silence("mono"), "-itsoffset", "0.5", ...tone(1), ...map(3)],
    ...["-c:v", "libx264", "-c:a", "pcm_s16le", "-t", "1"],
  ]);
  const samples = await ffmpeg(["-i", path, "-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"]);
  const loud = (at: number) => Math.abs(samples.readFloatLE(at * 4)) > 0.05;
  const first = Array.from({ length: samples.length / 4 }, (_, at) => at).findIndex(loud);
  expect(Math.abs(first / 48_000 - 0.5)).toBeLessThan(0.03);
});

test.each([
  ["mono", 1],
  ["LFE", 1],
  ["SL+SR", 2],
])("keeps the level of the channel layout %s on both sides", async (layout, channels) => {
  const sine = Array(channels).fill("0.125*sin(880*PI*t)").join("|");
  const { path } = await transcode(`level-${layout}.mov`, [
    ...[...video("64x36"), ...lavfi(`aevalsrc=${sine}:s=48000:c=${layout}:d=1`)],
    ...["-c:v", "libx264", "-c:a", "pcm_s24le"],
  ]);
  for (const level of await channelLevels(path)) expect(Math.abs(level + 21)).toBeLessThan(1);
});

test("uses only the sound of the picture's program", async () => {
  const { path, video: picture } = await transcode("programs.ts", [
    ...[...video("64x36"), ...tone(1), ...video("128x72"), ...silence("mono"), ...map(4)],
    ...["-c:v", "libx264", "-c:a", "aac"],
    ...["-program", "title=A:st=0:st=1", "-program", "title=B:st=2:st=3"],
  ]);
  expect(picture).toMatchObject({ width: 128, height: 72 });
  for (const level of await channelLevels(path)) expect(level).toBeLessThan(-60);
});

test("uses the default audio track", async () => {
  const { path } = await transcode("default.mkv", [
    ...[...video("64x36"), ...silence("stereo"), ...tone(2), ...map(3)],
    ...["-c:v", "libx264", "-c:a", "pcm_s16le"],
    ...["-disposition:a:0", "0", "-disposition:a:1", "default"],
  ]);
  for (const level of await channelLevels(path)) expect(Math.abs(level + 21)).toBeLessThan(1);
});

test.each([
  ["5.1", 6],
  ["7.1", 8],
])(
  "mixes %s channels at full scale down to full scale, without clipping",
  async (layout, channels) => {
    const sine = Array(channels).fill("0.99*sin(880*PI*t)").join("|");
    const { path } = await transcode(`loud-${layout}.mov`, [
      ...[...video("64x36"), ...lavfi(`aevalsrc=${sine}:s=48000:c=${layout}:d=1`)],
      ...["-c:v", "libx264", "-c:a", "pcm_s24le"],
    ]);
    // The level of such a sine is 3.1 dB below full scale.
    for (const level of await channelLevels(path)) expect(Math.abs(level + 3.1)).toBeLessThan(1);
    // The codec may exceed it by some hundredths.
    const samples = await ffmpeg(["-i", path, "-f", "f32le", "pipe:1"]);
    const peak = Math.max(
      ...Array.from({ length: samples.length / 4 }, (_, at) =>
        Math.abs(samples.readFloatLE(at * 4)),
      ),
    );
    expect(20 * Math.log10(peak)).toBeLessThan(0.5);
  },
);

describe("probe", () => {
  const probe = async (FileUrl: string) =>
    (await encoder.mediaconvert.send(new ProbeCommand({ InputFiles: [{ FileUrl }] })))
      .ProbeResults?.[0];

  test("reports the tracks of a file", async () => {
    const found = await probe(await encoder.upload("p.mov", await clip("rotated.mov")));
    expect(found?.Container).toMatchObject({ Format: "quicktime", Duration: expect.closeTo(1, 1) });
    expect(found?.Container?.BitRate).toBeGreaterThan(1000);
    expect(found?.Container?.Tracks).toMatchObject([
      {
        TrackType: "video",
        Codec: "AVC",
        VideoProperties: {
          Width: 640,
          Height: 360,
          FrameRate: { Numerator: 30, Denominator: 1 },
          CodecMetadata: { Profile: "Constrained Baseline", Level: "3.0" },
        },
      },
      { TrackType: "audio", Codec: "AAC", AudioProperties: { Channels: 1, SampleRate: 44100 } },
    ]);
    expect([90, 270]).toContain(found?.Container?.Tracks?.[0]?.VideoProperties?.Rotation);
  });

  test("lists captions as data with their language, and a timecode without", async () => {
    const cues = join(encoder.folder, "cues.srt");
    await writeFile(cues, "1\n00:00:00,200 --> 00:00:00,800\nHello\n");
    const source = await encoder.make("captions.mov", [
      ...["-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=1", "-i", cues, "-timecode", "01:00:00:00"],
      ...["-map", "0", "-map", "1", "-map", "1", "-c:s", "mov_text"],
      ...["-metadata:s:s:0", "language=ger"],
    ]);
    const found = await probe(source);
    expect(found?.Container?.Tracks?.slice(1)).toEqual([
      expect.objectContaining({ TrackType: "data", DataProperties: { LanguageCode: "ger" } }),
      expect.objectContaining({ TrackType: "data", DataProperties: { LanguageCode: "und" } }),
      { Index: 4, TrackType: "data" },
    ]);
    expect(found?.TrackMappings?.[0]?.DataTrackIndexes).toEqual([2, 3, 4]);
  });

  test("returns the metadata of a file that is not media, and NotFound for a missing one", async () => {
    const text = await probe(await encoder.upload("text.mp4", Buffer.from("hello, I am text")));
    expect(text).toMatchObject({ Metadata: { FileSize: 16 }, TrackMappings: [] });
    expect(text?.Container).toBeUndefined();
    await expect(probe("s3://uploads/nothing.mp4")).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  test("rejects a truncated container with 422, as MediaConvert does", async () => {
    const video = await readFile(await clip("plain.mp4"));
    const cut = await encoder.upload("cut.mp4", video.subarray(0, 600));
    await expect(probe(cut)).rejects.toMatchObject({
      name: "UnprocessableEntityException",
      $metadata: { httpStatusCode: 422 },
    });
  });
});
