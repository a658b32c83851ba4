import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateJobCommand, type Output } from "@aws-sdk/client-mediaconvert";
import { storyboardUri, storyboardVtt } from "@rushes/core/rendition/storyboard-vtt";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { type Color, ffmpeg, patchFrame, rawInput, readPatches } from "@rushes/testing/patches";
import * as HLS from "hls-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cmafRequest } from "./cmaf.fixture.ts";

let encoder: TestEncoder;
beforeAll(async () => {
  HLS.setOptions({ strictMode: true });
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

const COLORS = [
  [200, 30, 30],
  [30, 180, 40],
  [30, 40, 200],
  [220, 170, 140],
  [190, 180, 30],
  [20, 20, 20],
  [128, 128, 128],
  [235, 235, 235],
].map(([r = 0, g = 0, b = 0]): Color => [r / 255, g / 255, b / 255]);
const LENGTH = 6.5;

/** An RGB video of color patches with two languages of audio and of captions. */
async function clip(name: string): Promise<string> {
  const format = { pixels: "rgb24", width: 256, height: 144 };
  const cues = {
    de: "00:00:00,500 --> 00:00:01,500\nHallo",
    en: "00:00:03,250 --> 00:00:04,000\nHi",
  };
  const files = await Promise.all(
    Object.entries(cues).map(async ([language, cue]) => {
      const path = join(encoder.folder, `${language}.srt`);
      await writeFile(path, `1\n${cue}\n`);
      return path;
    }),
  );
  const path = join(encoder.folder, name);
  const captions = name.endsWith(".mkv") ? "subrip" : "mov_text";
  const tone = `sine=f=500:r=48000:d=${LENGTH}`;
  await ffmpeg(
    [
      ...[...rawInput(format), "-i", "pipe:0", "-f", "lavfi", "-i", tone],
      ...files.flatMap((file) => ["-i", file]),
      ...["-map", "0:v", "-map", "1:a", "-map", "1:a", "-map", "2:s", "-map", "3:s"],
      ...["-vf", "loop=-1:1", "-t", String(LENGTH), "-c:v", "libx264rgb", "-preset", "ultrafast"],
      ...["-qp", "0", "-c:a", "aac", "-c:s", captions],
      ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"],
      ...["-metadata:s:s:0", "language=deu", "-metadata:s:s:1", "language=eng", path],
    ],
    [patchFrame(COLORS, format)],
  );
  return encoder.upload(name, await readFile(path));
}

const audio = (at: number, AudioSourceName: string): Output => ({
  NameModifier: at === 0 ? "-audio" : `-audio-${at + 1}`,
  ContainerSettings: {
    Container: "CMFC",
    CmfcSettings: {
      AudioGroupId: "audio",
      AudioTrackType:
        at === 0 ? "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT" : "ALTERNATE_AUDIO_AUTO_SELECT",
    },
  },
  AudioDescriptions: [
    {
      AudioSourceName,
      CodecSettings: {
        Codec: "AAC",
        AacSettings: { CodingMode: "CODING_MODE_2_0", Bitrate: 64_000, SampleRate: 48_000 },
      },
    },
  ],
});

const captions = (CaptionSelectorName: string, label: string, description?: string): Output => ({
  NameModifier: `-captions-${label}`,
  ContainerSettings: { Container: "CMFC" },
  CaptionDescriptions: [
    {
      CaptionSelectorName,
      LanguageDescription: description,
      DestinationSettings: { DestinationType: "WEBVTT" },
    },
  ],
});

/** A job with two rungs, two languages and tiles of four pictures. */
function request(fileInput: string, folder: string) {
  const job = cmafRequest({
    ...{ fileInput, folder, hasAudio: false, mp4s: {} },
    rungs: [
      { width: 256, height: 144, rate: [10, 1] },
      { width: 128, height: 72, rate: [10, 1] },
    ],
  });
  const [input] = job.Settings?.Inputs ?? [];
  const groups = job.Settings?.OutputGroups?.filter(({ Outputs }) => Outputs?.length) ?? [];
  const [group] = groups;
  if (!input || !group?.OutputGroupSettings?.CmafGroupSettings) throw new Error("No CMAF group.");
  job.Settings = { ...job.Settings, OutputGroups: groups };
  input.AudioSelectors = { first: { Tracks: [1] }, second: { Tracks: [2] } };
  const text = (TrackNumber: number) => ({
    SourceSettings: { SourceType: "TT_3GPP" as const, TrackSourceSettings: { TrackNumber } },
  });
  input.CaptionSelectors = { one: text(1), two: text(2) };
  group.Outputs?.push(audio(0, "first"), audio(1, "second"));
  group.Outputs?.push(captions("one", "de"), captions("two", "en", "English for beginners"));
  Object.assign(group.OutputGroupSettings.CmafGroupSettings, {
    ImageBasedTrickPlay: "ADVANCED",
    ImageBasedTrickPlaySettings: {
      ...{ IntervalCadence: "FOLLOW_CUSTOM", ThumbnailInterval: 1.5, TileWidth: 2, TileHeight: 2 },
      ...{ ThumbnailWidth: 128, ThumbnailHeight: 72 },
    },
  });
  return job;
}

async function run(fileInput: string, folder: string): Promise<string> {
  const { Job } = await encoder.mediaconvert.send(new CreateJobCommand(request(fileInput, folder)));
  return Job?.Id ?? "";
}

const get = (key: string) => encoder.get(`media/clip/hls/${key}`);

describe("a CMAF group with languages, captions and tiles", () => {
  let multivariant = "";
  beforeAll(async () => {
    await encoder.completed(await run(await clip("clip.mp4"), "media/clip"));
    multivariant = String(await get("index.m3u8"));
  }, 240_000);

  test("names its audio and its captions by their languages", () => {
    const playlist = HLS.parse(multivariant);
    if (!(playlist instanceof HLS.types.MasterPlaylist)) throw new Error("There are no variants.");
    expect(playlist.variants).toHaveLength(2);
    for (const variant of playlist.variants) {
      expect(variant.audio).toMatchObject([
        { language: "en", name: "English", isDefault: true, autoselect: true },
        { language: "de", name: "German", isDefault: false, autoselect: true },
      ]);
      expect(variant.subtitles).toMatchObject([
        {
          ...{ language: "de", name: "German", isDefault: false, autoselect: true },
          uri: "index-captions-de.m3u8",
        },
        { language: "en", name: "English for beginners", uri: "index-captions-en.m3u8" },
      ]);
    }
  });

  test("has captions with the times of the source", async () => {
    const playlist = HLS.parse(String(await get("index-captions-en.m3u8")));
    if (!(playlist instanceof HLS.types.MediaPlaylist)) throw new Error("There are no segments.");
    expect(playlist).toMatchObject({ endlist: true, targetDuration: 7 });
    expect(playlist.segments.map(({ uri, duration }) => [uri, duration])).toEqual([
      ["index-captions-en_000000001.vtt", expect.closeTo(LENGTH, 3)],
    ]);
    expect(String(await get("index-captions-en_000000001.vtt"))).toBe(
      "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:03.250 --> 00:04.000\nHi\n",
    );
    expect(String(await get("index-captions-de_000000001.vtt"))).toContain(
      "00:00.500 --> 00:01.500\nHallo\n",
    );
  });

  test("lists its tiles, and says how many pictures they have", async () => {
    expect(multivariant).toMatch(
      /^#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=\d+,RESOLUTION=128x72,CODECS="jpeg",URI="index-tiles.m3u8"$/m,
    );
    const layout = "#EXT-X-TILES:RESOLUTION=128x72,LAYOUT=2x2,DURATION=1.500";
    expect(String(await get("index-tiles.m3u8")).split("\n")).toEqual([
      ...["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:6", "#EXT-X-MEDIA-SEQUENCE:0"],
      ...["#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-IMAGES-ONLY"],
      ...["#EXTINF:6.000,", layout, "index-tiles_000000001.jpg"],
      ...["#EXTINF:0.500,", layout, "index-tiles_000000002.jpg"],
      ...["#EXT-X-ENDLIST", ""],
    ]);
    expect(storyboardUri(multivariant)).toBe("index-tiles.m3u8");
    const [, ...cues] = storyboardVtt(String(await get("index-tiles.m3u8")), (uri) => uri)
      .trimEnd()
      .split("\n\n");
    expect(cues).toHaveLength(5);
    expect(cues.at(-1)).toBe(
      "00:00:06.000 --> 00:00:06.500\nindex-tiles_000000002.jpg#xywh=0,0,128,72",
    );
  });

  test("shows the colors of the source in its rungs and its tiles", async () => {
    const rung = join(encoder.folder, "rung.mp4");
    const parts = ["index-144pinit.cmfv", "index-144p_000000001.cmfv"];
    await writeFile(rung, Buffer.concat(await Promise.all(parts.map(get))));
    expect(error(await readPatches(rung))).toBeLessThanOrEqual(3);
    const [full, last] = await Promise.all(
      [1, 2].map((number) => get(`index-tiles_00000000${number}.jpg`)),
    );
    for (const [at, tile] of [
      [0, full],
      [3, full],
      [0, last],
    ] as const) {
      expect(error(await picture(tile, at))).toBeLessThanOrEqual(3);
    }
    // Four pictures and one: the rest of the last tile is black.
    expect(error(await picture(last, 1))).toBeGreaterThan(100);
  });
});

const error = (shown: readonly Color[]) =>
  Math.max(
    ...shown.flatMap((color, n) =>
      color.map((value, c) => Math.abs(value - 255 * (COLORS[n]?.[c] ?? 0))),
    ),
  );

/** What a picture of a tile shows. */
async function picture(tile: Buffer | undefined, at: number): Promise<Color[]> {
  const [path, cut] = ["tile.jpg", "picture.jpg"].map((name) => join(encoder.folder, name));
  if (!tile || !path || !cut) throw new Error("There is no tile.");
  await writeFile(path, tile);
  const crop = `crop=128:72:${128 * (at % 2)}:${72 * Math.floor(at / 2)}`;
  await ffmpeg(["-i", path, "-vf", crop, "-q:v", "1", "-pix_fmt", "yuvj420p", cut]);
  return readPatches(cut);
}

test("rejects captions that MediaConvert cannot read, and a track that is missing", async () => {
  const mkv = await run(await clip("clip.mkv"), "media/mkv");
  expect((await encoder.event(mkv, "ERROR", "COMPLETE")).detail).toMatchObject({
    errorCode: 1040,
    errorMessage: expect.stringContaining("subrip"),
  });
  const path = join(encoder.folder, "mute.mp4");
  await ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=1", path]);
  const job = request(await encoder.upload("mute.mp4", await readFile(path)), "media/mute");
  const [group] = job.Settings?.OutputGroups ?? [];
  if (group) group.Outputs = group.Outputs?.filter((output) => !output.AudioDescriptions);
  const { Job } = await encoder.mediaconvert.send(new CreateJobCommand(job));
  expect((await encoder.event(Job?.Id ?? "", "ERROR", "COMPLETE")).detail).toMatchObject({
    errorCode: 1040,
    errorMessage: expect.stringContaining("is missing"),
  });
});
