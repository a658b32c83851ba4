import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateJobCommand } from "@aws-sdk/client-mediaconvert";
import { jobRequest } from "@rushes/testing/job-request";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import {
  type Color,
  ffmpeg,
  type PatchFormat,
  patchFrame,
  rawInput,
  readPatches,
  shownPatches,
  writePatches,
} from "@rushes/testing/patches";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cmafRequest } from "./cmaf.fixture.ts";
import {
  each,
  hlg,
  inPrimaries,
  MILD,
  pq,
  TO_170M,
  TO_2020,
  times,
  VIVID,
} from "./colors.fixture.ts";
import { parseMedia } from "./media.ts";
import { scaleFilters } from "./translate/video.ts";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

type File = PatchFormat & { output: readonly string[]; extension: string };

/** Transcodes patches. Returns the track of the video, and what the video and the poster show. */
async function transcode(colors: readonly Color[], format: File) {
  const file = await writePatches(encoder.folder, colors, format);
  const { id, prefix } = await encoder.submit(await encoder.upload("patches", file), {
    hasAudio: false,
    downloads: ["web-720p"],
  });
  const { detail } = await encoder.event(id, "COMPLETE", "ERROR");
  expect(detail, encoder.logOf(id)).toMatchObject({ status: "COMPLETE" });
  const web = await encoder.probe(`${prefix}-web-720p.mp4`);
  const poster = await encoder.save(`${prefix}-poster.0000000.jpg`);
  return {
    track: web.video,
    web: await readPatches(web.path),
    poster: await readPatches(poster),
  };
}

/** The largest difference of any component. */
const error = (shown: readonly Color[], expected: readonly Color[] = VIVID) =>
  Math.max(
    ...shown.flatMap((color, n) =>
      color.map((value, c) => Math.abs(value - 255 * (expected[n]?.[c] ?? 0))),
    ),
  );

const HD = { width: 1280, height: 720 };
const MIXED = { color_primaries: "bt709", color_transfer: "iec61966-2-1" };

interface Source extends PatchFormat {
  /** What the file's tags say. */
  tags: Record<string, string>;
  /** What the outputs must show, if not the vivid colors. */
  expected?: readonly Color[];
  /** The components in the file, if they are not what the outputs must show. */
  colors?: readonly Color[];
}

const bt601 = { color_space: "smpte170m" };
const SOURCES: Record<string, Source> = {
  "BT.709": { pixels: "yuv420p", tags: { color_space: "bt709" } },
  "10 bits and 4:4:4": { pixels: "yuv444p10le", tags: { color_space: "bt709" } },
  "10 bits and 4:2:2": { pixels: "yuv422p10le", tags: { color_space: "bt709" } },
  "full range by its format": {
    pixels: "yuvj420p",
    fullRange: true,
    tags: { color_space: "bt709" },
  },
  "full range": {
    ...{ pixels: "yuv444p10le", fullRange: true },
    tags: { color_space: "bt709", color_range: "pc" },
  },
  RGB: { pixels: "rgb24", tags: {} },
  "RGB with tags": { pixels: "rgb24", tags: { ...MIXED, color_space: "gbr", color_range: "pc" } },
  "RGB of 720 lines": { ...HD, pixels: "rgb24", tags: {} },
  "720 lines without tags": { ...HD, pixels: "yuv420p", tags: {} },
  "few lines without tags": { pixels: "yuv420p", matrix: "bt601", tags: {} },
  "the matrix of BT.601": { pixels: "yuv422p10le", matrix: "bt601", tags: bt601 },
  "the matrix of BT.601 with 720 lines and full range": {
    ...{ ...HD, pixels: "yuvj420p", matrix: "bt601", fullRange: true },
    tags: { ...bt601, color_range: "pc" },
  },
  "BT.601": {
    ...{ pixels: "yuv422p10le", matrix: "bt601" },
    ...{ expected: MILD, colors: inPrimaries(TO_170M, MILD) },
    tags: { ...bt601, color_primaries: "smpte170m", color_transfer: "smpte170m" },
  },
  "BT.2020": {
    ...{ pixels: "yuv420p10le", matrix: "bt2020", colors: inPrimaries(TO_2020, VIVID) },
    tags: { color_space: "bt2020nc", color_primaries: "bt2020", color_transfer: "bt2020-10" },
  },
  "BT.2020 without primaries": {
    ...{ pixels: "yuv444p10le", matrix: "bt2020", colors: inPrimaries(TO_2020, VIVID) },
    tags: { color_space: "bt2020nc" },
  },
};

/** The filters of one output of a source, scaled to one size. */
function chain({ pixels, width = 128, height = 72, tags }: Source, samples: "h264" | "jpeg") {
  const { video } = parseMedia({
    streams: [{ index: 0, codec_type: "video", width, height, pix_fmt: pixels, ...tags }],
    format: { format_name: "matroska,webm" },
  });
  if (!video) throw new Error("There is no picture.");
  return scaleFilters({ scale: { width: 128, height: 72 } }, video, true, samples).join(",");
}

// One process for all sources: it is the start of ffmpeg that takes time.
test("converts every kind of source to BT.709, and a capture to the colors of a JPEG", async () => {
  const inputs: string[] = [];
  const chains: string[] = [];
  const outputs: string[] = [];
  const files: { name: string; path: string; isJpeg: boolean; expected?: readonly Color[] }[] = [];
  for (const [n, [name, source]] of Object.entries(SOURCES).entries()) {
    const input = join(encoder.folder, `${n}.raw`);
    await writeFile(input, patchFrame(source.colors ?? VIVID, source));
    inputs.push(...rawInput(source), "-i", input);
    for (const samples of ["h264", "jpeg"] as const) {
      const path = join(encoder.folder, `${n}.${samples}`);
      chains.push(`[${n}:v]${chain(source, samples)}[${samples}${n}]`);
      outputs.push("-map", `[${samples}${n}]`, "-f", "rawvideo", path);
      files.push({ name, path, isJpeg: samples === "jpeg", expected: source.expected });
    }
  }
  await ffmpeg([...inputs, "-filter_complex", chains.join(";"), ...outputs]);
  for (const { name, path, isJpeg, expected } of files) {
    const shown = shownPatches(await readFile(path), isJpeg);
    const message = `${name}${isJpeg ? ", JPEG" : ""}: ${shown.join(" | ")}`;
    expect.soft(error(shown, expected), message).toBeLessThanOrEqual(3);
  }
});

const tags = (space: string, primaries: string, transfer: string, range: string) => [
  ...["-colorspace", space, "-color_primaries", primaries],
  ...["-color_trc", transfer, "-color_range", range],
];
const ffv1 = (...options: string[]) => ({
  output: ["-c:v", "ffv1", ...options],
  extension: "mkv",
});
const FILES: Record<string, File & { colors?: readonly Color[] }> = {
  "full range": {
    ...{ pixels: "yuv420p", fullRange: true },
    ...ffv1(...tags("bt709", "bt709", "bt709", "pc")),
  },
  "RGB of 720 lines": {
    ...{ ...HD, pixels: "rgb24" },
    ...{ output: ["-c:v", "qtrle"], extension: "mov" },
  },
  "BT.2020": {
    ...{ pixels: "yuv420p10le", matrix: "bt2020", colors: inPrimaries(TO_2020, VIVID) },
    ...ffv1(...tags("bt2020nc", "bt2020", "bt2020-10", "tv")),
  },
};

test("keeps the colors and the tags of BT.709 in full range if no conversion is requested", async () => {
  const format = FILES["full range"];
  if (!format) throw new Error("It is above.");
  const file = await writePatches(encoder.folder, VIVID, format);
  const picture = { width: 1280, height: 720, frameRate: 25, isProgressive: true, isBt709: true };
  const request = jobRequest({
    jobId: "job_unasked",
    sourceUrl: await encoder.upload("unasked", file),
    destination: "s3://renditions/job_unasked/1/a/",
    source: { durationSeconds: 0, picture, audio: [] },
  });
  const { Job: job } = await encoder.mediaconvert.send(new CreateJobCommand(request));
  await encoder.event(job?.Id ?? "", "COMPLETE");
  const { path, video } = await encoder.probe("job_unasked/1/a/a-web-720p.mp4");
  expect(video).toMatchObject({
    ...{ pix_fmt: "yuv420p", color_range: "tv", color_space: "bt709" },
    ...{ color_primaries: "bt709", color_transfer: "bt709" },
  });
  const shown = await readPatches(path);
  expect(error(shown), shown.join(" | ")).toBeLessThanOrEqual(3);
});

test.each(Object.entries(FILES))("keeps the colors of %s and tags BT.709", async (_, format) => {
  const { track, web, poster } = await transcode(format.colors ?? VIVID, format);
  expect(track).toMatchObject({
    ...{ pix_fmt: "yuv420p", color_range: "tv", color_space: "bt709" },
    ...{ color_primaries: "bt709", color_transfer: "bt709" },
  });
  expect(error(web), web.join(" | ")).toBeLessThanOrEqual(3);
  expect(error(poster), poster.join(" | ")).toBeLessThanOrEqual(3);
});

/** Light in cd/m²: black, 18 % gray, diffuse white, three highlights, and two bright colors of BT.709. */
const LIGHT: readonly Color[] = [
  ...[0, 26, 203, 400, 600, 1000].map((level): Color => [level, level, level]),
  [900, 120, 60],
  [60, 350, 900],
];
const IN_2020 = LIGHT.map((light) => times(TO_2020, light));
const HDR = { pixels: "yuv420p10le", matrix: "bt2020" } as const;
const HDR_FILES: Record<string, File & { colors: readonly Color[] }> = {
  PQ: {
    ...{ ...HDR, colors: IN_2020.map((light) => each(light, pq)) },
    ...ffv1(...tags("bt2020nc", "bt2020", "smpte2084", "tv")),
  },
  HLG: {
    ...{ ...HDR, colors: IN_2020.map(hlg) },
    ...ffv1(...tags("bt2020nc", "bt2020", "arib-std-b67", "tv")),
  },
};

/** The hue in degrees. */
function hue([r, g, b]: Color): number {
  return (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
}

test("writes diffuse white as 58 % PQ and 75 % HLG", () => {
  expect(pq(203)).toBeCloseTo(0.58, 2);
  expect(hlg([203, 203, 203])[0]).toBeCloseTo(0.75, 2);
});

test.each(Object.entries(HDR_FILES))(
  "tone-maps %s to what every screen shows, and the poster like the video",
  async (_, format) => {
    const { track, web, poster } = await transcode(format.colors, format);
    expect(track).toMatchObject({ pix_fmt: "yuv420p", color_transfer: "bt709", color_range: "tv" });
    for (const shown of [web, poster]) {
      const levels = shown.slice(0, 6).map((color) => Math.max(...color));
      const spread = shown.slice(0, 6).map((color) => Math.max(...color) - Math.min(...color));
      const [black = 255, gray = 0, white = 0] = levels;
      const message = shown.join(" | ");
      expect.soft(Math.max(...spread), message).toBeLessThanOrEqual(3);
      expect.soft(black, message).toBeLessThanOrEqual(3);
      expect.soft(gray, message).toBeGreaterThanOrEqual(95);
      expect.soft(gray, message).toBeLessThanOrEqual(135);
      expect.soft(white, message).toBeGreaterThanOrEqual(205);
      expect.soft(white, message).toBeLessThanOrEqual(240);
      const highlights = levels.slice(2);
      for (const [n, level] of highlights.slice(1).entries()) {
        expect.soft(level, message).toBeGreaterThan((highlights[n] ?? 255) + 2);
      }
      for (const [n, color] of shown.slice(6).entries()) {
        const light = each(LIGHT[6 + n] ?? [0, 0, 0], (value) => value ** (1 / 2.4));
        expect.soft(Math.abs(hue(color) - hue(light)), message).toBeLessThan(5);
        expect.soft(Math.max(...color), message).toBeLessThan(255);
      }
    }
    const video = web.map((color) => each(color, (value) => value / 255));
    expect(error(poster, video), poster.join(" | ")).toBeLessThanOrEqual(3);
  },
);

test("tone-maps PQ in the smallest rung of an adaptive stream too", async () => {
  const { PQ } = HDR_FILES;
  if (!PQ) throw new Error("It is above.");
  const file = await writePatches(encoder.folder, PQ.colors, PQ);
  const request = cmafRequest({
    ...{ fileInput: await encoder.upload("pq-rungs", file), folder: "media/pq", hasAudio: false },
    rungs: [
      { width: 256, height: 144, rate: [10, 1] },
      { width: 128, height: 72, rate: [10, 1] },
    ],
  });
  const { Job: job } = await encoder.mediaconvert.send(new CreateJobCommand(request));
  await encoder.completed(job?.Id ?? "");
  // The MP4 has the samples of the rung.
  const shown = await readPatches(await encoder.save("media/pq/clip-720p.mp4"));
  const [black = 255, gray = 0, white = 0] = shown.map((color) => Math.max(...color));
  expect(black).toBeLessThanOrEqual(3);
  expect(Math.abs(gray - 115)).toBeLessThanOrEqual(20);
  expect(Math.abs(white - 222)).toBeLessThanOrEqual(18);
});
