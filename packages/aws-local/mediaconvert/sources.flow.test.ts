import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ProbeCommand } from "@aws-sdk/client-mediaconvert";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { type Clip, clip, FFMPEG } from "@rushes/testing/clips";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPoster } from "../../core/rendition/poster.ts";
import { parseMedia } from "./media.ts";
import { toneMap } from "./translate/tone-map.ts";

const run = promisify(execFile);
let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/** Transcodes a clip, or what a test made of clips, to its end, and probes the one MP4 that is made of it. */
async function transcode(source: Clip | Buffer, hasAudio = false) {
  const content = typeof source === "string" ? await clip(source) : source;
  const { id, prefix } = await encoder.submit(await encoder.upload("source", content), {
    hasAudio,
    downloads: ["web-720p"],
  });
  await encoder.completed(id);
  return { id, prefix, ...(await encoder.probe(`${prefix}-web-720p.mp4`)) };
}

/** The mean level of a file's sound in dB, and the mean brightness of its first picture, 0 to 255. */
async function levels(path: string): Promise<{ decibels: number; brightness: number }> {
  const filters = ["-af", "volumedetect", "-vf", "signalstats,metadata=print"];
  const { stderr } = await run(FFMPEG, ["-i", path, ...filters, "-f", "null", "-"]);
  return {
    decibels: Number(/mean_volume: (\S+) dB/.exec(stderr)?.[1]),
    brightness: Number(/YAVG=(\S+)/.exec(stderr)?.[1]),
  };
}

test.each(["hdr-transfer-only.mkv", "hlg-transfer-only.mov"] as const)(
  "tone-maps HDR that has only a transfer function: %s",
  async (name) => {
    const { path, video } = await transcode(name);
    expect(video).toMatchObject({ pix_fmt: "yuv420p", color_transfer: "bt709" });
    expect((await levels(path)).brightness).toBeGreaterThan(20);
  },
);

test("builds a working filter graph for every combination of HDR color tags", async () => {
  const tags = ["smpte2084", "arib-std-b67"].flatMap((color_transfer) => [
    ...[undefined, "reserved", "bt709", "smpte432", "bt2020"].map((color_primaries) => ({
      ...{ color_transfer, color_primaries, pix_fmt: "yuv420p10le" },
    })),
    ...[undefined, "reserved", "bt709", "smpte170m", "fcc", "ycgco", "ictcp", "gbr", "bt2020c"].map(
      (color_space) => ({ color_transfer, color_space, pix_fmt: "yuv422p10le" }),
    ),
    ...["pc", "tv", undefined].map((color_range) => ({
      ...{ color_transfer, color_range, pix_fmt: "p010le" },
    })),
    ...["gbrp10le", "rgb24", "gray10le", "yuv444p12le", "yuv420p"].map((pix_fmt) => ({
      ...{ color_transfer, pix_fmt },
    })),
  ]);
  const chains = tags.map((one, at) => {
    const { video } = parseMedia({
      streams: [{ index: 0, codec_type: "video", width: 64, height: 36, ...one }],
      format: { format_name: "matroska,webm" },
    });
    if (!video) throw new Error("There is no picture.");
    // The frames have other tags. The tags of the graph count.
    const frame = `setparams=colorspace=${at % 2 ? "bt2020c" : "ycgco"}:color_primaries=jedec-p22`;
    return `testsrc2=s=64x36:d=0.04,format=${one.pix_fmt},${frame},${toneMap(video).join(",")},format=yuv420p[v${at}]`;
  });
  const maps = chains.flatMap((_, at) => ["-map", `[v${at}]`, "-frames:v", "1", "-f", "null", "-"]);
  await run(FFMPEG, ["-v", "error", "-xerror", "-filter_complex", chains.join(";"), ...maps]);
});

test("spreads captures over the whole video, and detailed ones are larger", async () => {
  const source = await encoder.upload("fade.mp4", await clip("fade.mp4"));
  const { id, prefix } = await encoder.submit(source, {
    hasAudio: false,
    durationSeconds: 2,
    downloads: ["web-720p"],
  });
  await encoder.completed(id);
  const list = new ListObjectsV2Command({ Bucket: "renditions", Prefix: `${prefix}-poster.` });
  const { Contents = [] } = await encoder.s3.send(list);
  expect(Contents).toHaveLength(8);
  const sizes = Contents.map(({ Size = 0 }) => Size);
  expect(sizes.at(-1)).toBeGreaterThan(2 * (sizes[0] ?? 0));
  const captures = Contents.map(({ Key: key = "", Size: sizeBytes = 0 }) => ({ key, sizeBytes }));
  const path = await encoder.save(pickPoster(captures)?.key ?? "");
  expect((await levels(path)).brightness).toBeGreaterThan(60);
});

test("creates a poster for a video of one color", async () => {
  const { prefix } = await transcode("blue.mp4");
  const { video } = await encoder.probe(`${prefix}-poster.0000000.jpg`);
  expect(video).toMatchObject({ codec_name: "mjpeg", width: 64, height: 36 });
});

test.each(["part.ts", "part.mkv", "part.mp4"] as const)(
  "completes a job with a damaged middle and reports a warning: %s",
  async (name) => {
    const whole = await transcode(name, true);
    expect((await encoder.job(whole.id)).Warnings).toEqual([]);
    const file = Buffer.from(await bytes(name));
    const middle = Math.floor(file.length / 2 / 188) * 188;
    // Data alone, in the size of transport packets, so that no header is among it.
    for (let at = middle; at < middle + 12 * 188; at += 188) file.fill(0xaa, at + 20, at + 188);
    const { id } = await transcode(file, true);
    const { detail } = await encoder.event(id, "NEW_WARNING");
    expect(detail).toMatchObject({ warningCode: "900001", warningMessage: expect.any(String) });
    expect((await encoder.job(id)).Warnings).toEqual([{ Code: 900_001, Count: 1 }]);
  },
);

async function bytes(...names: Clip[]): Promise<Buffer> {
  return Buffer.concat(await Promise.all(names.map(async (name) => readFile(await clip(name)))));
}

/**
 * The length that Probe reports: the longest of the container and its tracks. A job of the same source follows it, as in
 * the product.
 */
async function probedSeconds(content: string | Uint8Array): Promise<number> {
  const FileUrl = await encoder.upload("source", content);
  const { ProbeResults } = await encoder.mediaconvert.send(
    new ProbeCommand({ InputFiles: [{ FileUrl }] }),
  );
  const { Duration = 0, Tracks = [] } = ProbeResults?.[0]?.Container ?? {};
  return Math.max(Duration, ...Tracks.map((track) => track.Duration ?? 0));
}

test.each([
  ["hours ahead", ["part.ts", "later.ts"], 4, []],
  ["hours back", ["later.ts", "part.ts"], 4, []],
  ["the same clock again", ["part.ts", "part.ts", "later.ts"], 6, []],
  ["a smaller picture with other chroma", ["part.ts", "small.ts"], 4, [900_003]],
] as const)(
  "uses the playable duration of joined transport streams, and warns about other pictures: %s",
  async (_, parts, seconds, codes) => {
    const joined = await bytes(...parts);
    expect(await probedSeconds(joined)).toBeCloseTo(seconds, 0);
    const { id, video, audio } = await transcode(joined, true);
    expect(Number(video.duration)).toBeCloseTo(seconds, 0);
    expect(Number(audio?.duration)).toBeCloseTo(seconds, 0);
    const { Warnings = [] } = await encoder.job(id);
    expect(Warnings.map(({ Code }) => Code)).toEqual(codes);
  },
);

test.each([
  ["begins inside a packet", 188, 0, 100],
  ["begins with other bytes", 188, 3000, 0],
  ["has the time before each packet", 192, 50, 0],
  ["has parity behind each packet", 204, 0, 150],
])("transcodes a transport stream that %s", async (_, spacing, stray, cut) => {
  const source = await bytes("part.ts");
  const packets = Array.from({ length: source.length / 188 }, (_, n) => {
    const packet = Buffer.alloc(spacing);
    source.copy(packet, spacing === 192 ? 4 : 0, n * 188, (n + 1) * 188);
    return packet;
  });
  const file = Buffer.concat([Buffer.alloc(stray, 0x55), ...packets]).subarray(cut);
  const { video } = await transcode(file, true);
  expect(Number(video.duration)).toBeGreaterThan(1.5);
});

test.each([
  ["a recording of a browser", "live.webm"],
  ["an MP4 in fragments", "fragments.mp4"],
] as const)("finds the duration of %s without one in its container", async (_, name) => {
  expect(await probedSeconds(await bytes(name))).toBeCloseTo(2, 0);
});

test("finds the duration of sound whose bit rate at its start is not that of the whole", async () => {
  expect(await probedSeconds(await bytes("quiet-start.aac"))).toBeCloseTo(4, 0);
});

test("encodes a recording whose picture changes its size, with the size of its start", async () => {
  const list = join(encoder.folder, "sizes.txt");
  const source = join(encoder.folder, "sizes.webm");
  const parts = [await clip("moving.webm"), await clip("larger.webm")];
  await writeFile(list, parts.map((path) => `file '${path}'\n`).join(""));
  const concat = ["-v", "error", "-f", "concat", "-safe", "0", "-i", list];
  await run(FFMPEG, [...concat, "-c", "copy", source]);
  const { id, video } = await transcode(await readFile(source));
  expect(video).toMatchObject({ width: 64, height: 36 });
  expect(Number(video.duration)).toBeCloseTo(4, 0);
  expect((await encoder.job(id)).Warnings).toEqual([{ Code: 900_003, Count: 1 }]);
});

test("holds the last frame of a recording with a still end", async () => {
  const file = await bytes("moving.webm");
  const duration = file.indexOf(Buffer.from("448988", "hex")) + 3;
  expect(file.readDoubleBE(duration)).toBe(2000);
  file.writeDoubleBE(5000, duration);
  const { video } = await transcode(file);
  expect(Number(video.duration)).toBeCloseTo(5, 0);
});

test.each(["sound-3.mkv", "sound-6.mkv", "sound-12.mov", "sound-16.mkv"] as const)(
  "mixes unnamed channels at their level: %s",
  async (name) => {
    const { path, audio } = await transcode(name, true);
    expect(audio).toMatchObject({ channels: 2 });
    expect(Math.abs((await levels(path)).decibels + 21)).toBeLessThan(1.5);
  },
);
