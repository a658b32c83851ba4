import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Clip, clip, FFMPEG } from "@rushes/testing/clips";
import { type Submission, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PRESETS } from "../../core/rendition/preset.ts";

const run = promisify(execFile);
let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

type Options = Pick<Submission, "hasAudio" | "safeName" | "downloads">;

async function transcode(name: Clip, options: Options = {}) {
  const url = await encoder.upload(name, await clip(name));
  const { id, prefix } = await encoder.submit(url, options);
  return { id, prefix, ended: await encoder.completed(id) };
}

/** The number of reference frames in the stream's own header, which ffprobe does not show. */
async function referenceFrames(path: string): Promise<number> {
  const args = [
    "-i",
    path,
    "-c",
    "copy",
    "-frames:v",
    "1",
    "-bsf:v",
    "trace_headers",
    "-f",
    "null",
  ];
  const { stderr } = await run(FFMPEG, [...args, "-"]);
  return Number(/max_num_ref_frames.* = (\d+)/.exec(stderr)?.[1]);
}

async function longestGop(path: string): Promise<number> {
  const { stdout } = await run(process.env.FFPROBE_PATH ?? "ffprobe", [
    ...[
      "-v",
      "error",
      "-select_streams",
      "v",
      "-show_entries",
      "packet=flags",
      "-of",
      "csv=p=0",
      path,
    ],
  ]);
  const keys = stdout
    .trim()
    .split("\n")
    .flatMap((flags, i) => (flags.startsWith("K") ? [i] : []));
  const total = stdout.trim().split("\n").length;
  return Math.max(...[...keys.slice(1), total].map((at, i) => at - (keys[i] ?? 0)));
}

describe("a 6 s clip that can fill the presets (moving figures under grain, 1080p30, 12 Mb/s)", () => {
  // One encode of 1080p for every figure: the only long one of the suite.
  let prefix = "";
  beforeAll(async () => {
    ({ prefix } = await transcode("fills-6s.mp4", { safeName: "my video" }));
  }, 240_000);

  test.each(PRESETS)(
    "$label has its preset's figures, and its bit rate within 10 %",
    async (preset) => {
      const { path, video, audio } = await encoder.probe(`${prefix}-${preset.label}.mp4`);
      const { numerator, denominator } = preset.video.frameRate;
      expect(video).toMatchObject({
        codec_name: "h264",
        profile: preset.video.profile === "baseline" ? "Constrained Baseline" : "Main",
        level: Number(preset.video.level) * 10,
        width: preset.video.maxWidth,
        height: preset.video.maxHeight,
        r_frame_rate: `${numerator}/${denominator}`,
        pix_fmt: "yuv420p",
        sample_aspect_ratio: "1:1",
      });
      expect(Number(video.bit_rate) / preset.video.bitRate).toBeGreaterThan(0.9);
      expect(Number(video.bit_rate) / preset.video.bitRate).toBeLessThan(1.1);
      expect(audio).toMatchObject({
        codec_name: "aac",
        profile: "LC",
        sample_rate: String(preset.audio.sampleRate),
        channels: preset.audio.channels,
      });
      expect(Number(audio?.bit_rate) / preset.audio.bitRate).toBeGreaterThan(0.9);
      expect(Number(audio?.bit_rate) / preset.audio.bitRate).toBeLessThan(1.1);
      expect(Number(video.duration)).toBeCloseTo(6, 0);
      expect(await referenceFrames(path)).toBe(preset.video.referenceFrames);
      expect(await longestGop(path)).toBeLessThanOrEqual(preset.video.keyframeMaxDistance);
    },
  );

  test("creates one poster as a JPG of the small size", async () => {
    const { video } = await encoder.probe(`${prefix}-poster.0000000.jpg`);
    expect(video).toMatchObject({ codec_name: "mjpeg", width: 1280, height: 720 });
  });
});

test.each([
  ["a tiny, silent source is not enlarged", "silent-tiny.mp4", 160, 90],
  ["a phone's turned video stands upright, with no turn left in the file", "rotated.mov", 360, 640],
  ["a portrait source stays in the box", "portrait.mp4", 608, 1080],
  ["odd sides become even", "odd.mkv", 100, 74],
  ["interlaced anamorphic television becomes square pixels", "interlaced.ts", 1024, 576],
  ["4:4:4 becomes what every player plays", "444.mp4", 320, 180],
  ["high dynamic range in 10 bits becomes what every screen shows", "hdr.mkv", 320, 180],
] as const)("%s", async (_, name, width, height) => {
  const hasAudio = ["rotated.mov", "interlaced.ts"].includes(name);
  const { prefix } = await transcode(name, { hasAudio, downloads: ["1080p"] });
  const { video, audio } = await encoder.probe(`${prefix}-1080p.mp4`);
  expect(video).toMatchObject({ width, height, pix_fmt: "yuv420p", sample_aspect_ratio: "1:1" });
  expect(video.side_data_list ?? []).toEqual([]);
  expect(audio !== undefined).toBe(hasAudio);
  const poster = await encoder.probe(`${prefix}-poster.0000000.jpg`);
  expect(poster.video.width).toBeLessThanOrEqual(width);
});

test("uses any name unchanged in keys", async () => {
  const safeName = "été+1 100% %03d 🎬.a";
  const options = { hasAudio: false, safeName, downloads: ["web-720p"] } as const;
  const { prefix, ended } = await transcode("silent-tiny.mp4", options);
  expect(JSON.stringify(ended.detail.outputGroupDetails)).toContain(`${safeName}-web-720p.mp4`);
  await encoder.probe(`${prefix}-web-720p.mp4`);
});
