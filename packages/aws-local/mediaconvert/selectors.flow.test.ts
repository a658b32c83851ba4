import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type AudioDescription,
  type AudioSelector,
  CreateJobCommand,
  type Output,
} from "@aws-sdk/client-mediaconvert";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { FFPROBE } from "@rushes/testing/clips";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

const lavfi = (source: string) => ["-f", "lavfi", "-i", source];
/** A tone of -21 dB and this frequency in every channel. */
const tone = (hertz: number, channels = 1) =>
  lavfi(
    `aevalsrc=${Array(channels)
      .fill(`0.125*sin(${2 * hertz}*PI*t)`)
      .join("|")}:s=48000:d=1`,
  );

/** Uploads the file that ffmpeg writes with these arguments. */
async function source(name: string, args: string[]): Promise<string> {
  const path = join(encoder.folder, name);
  await ffmpeg([...args, path]);
  return encoder.upload(name, await readFile(path));
}

const aac = (audioSourceName: string, over: AudioDescription = {}): AudioDescription => ({
  AudioSourceName: audioSourceName,
  CodecSettings: {
    Codec: "AAC",
    AacSettings: { CodingMode: "CODING_MODE_2_0", Bitrate: 128_000, SampleRate: 48_000 },
  },
  ...over,
});

const audioFile = (name: string, ...AudioDescriptions: AudioDescription[]): Output => ({
  NameModifier: `-${name}`,
  Extension: "m4a",
  ContainerSettings: { Container: "MP4" },
  AudioDescriptions,
});

/** Runs a job with one group of files, and returns its event. */
async function run(
  input: string,
  AudioSelectors: Record<string, AudioSelector>,
  Outputs: Output[],
) {
  const { Job: job } = await encoder.mediaconvert.send(
    new CreateJobCommand({
      Role: "arn:aws:iam::000000000000:role/rushes",
      Settings: {
        Inputs: [{ FileInput: input, AudioSelectors }],
        OutputGroups: [
          {
            OutputGroupSettings: {
              Type: "FILE_GROUP_SETTINGS",
              FileGroupSettings: { Destination: `s3://renditions/${input.split("/").at(-1)}` },
            },
            Outputs,
          },
        ],
      },
    }),
  );
  return encoder.event(job?.Id ?? "", "COMPLETE", "ERROR");
}

async function download(key: string) {
  const { Body, ContentType } = await encoder.s3.send(
    new GetObjectCommand({ Bucket: "renditions", Key: key }),
  );
  const path = join(encoder.folder, key);
  await writeFile(path, (await Body?.transformToByteArray()) ?? "");
  return { path, ContentType };
}

async function streams(path: string) {
  const args = ["-v", "error", "-show_streams", "-of", "json", path];
  const { stdout } = await promisify(execFile)(FFPROBE, args);
  const { streams } = JSON.parse(stdout) as {
    // ffprobe's own shape.
    streams: { codec_type: string; channels?: number; tags?: { language?: string } }[];
  };
  return streams;
}

/** The level of each channel of an audio track in dB, at the frequency. */
async function levels(path: string, hertz: number, track = 0, channels = 2): Promise<number[]> {
  const filter = ["-map", `0:a:${track}`, "-ss", "0.2", "-t", "0.5"];
  const samples = await ffmpeg([
    ...["-i", path, ...filter, "-f", "f32le", "-ar", "48000"],
    ...["-ac", String(channels), "pipe:1"],
  ]);
  const count = Math.floor(samples.length / 4 / channels);
  return Array.from({ length: channels }, (_, channel) => {
    let [real, imaginary] = [0, 0];
    for (let n = 0; n < count; n++) {
      const value = samples.readFloatLE((n * channels + channel) * 4);
      real += value * Math.cos((2 * Math.PI * hertz * n) / 48_000);
      imaginary += value * Math.sin((2 * Math.PI * hertz * n) / 48_000);
    }
    return 10 * Math.log10((2 * (real ** 2 + imaginary ** 2)) / count ** 2 + 1e-12);
  });
}

const near = (level: number, tolerance = 1) => ({
  asymmetricMatch: (value: number) => Math.abs(value - level) < tolerance,
});
const silent = { asymmetricMatch: (value: number) => value < -50 };

describe("audio selectors", () => {
  let result: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    const input = await source("tracks.mov", [
      ...lavfi("testsrc2=s=64x36:r=10:d=1"),
      ...[tone(500), tone(1000), tone(2000, 2), tone(3000, 6)].flat(),
      ...[0, 1, 2, 3, 4].flatMap((n) => ["-map", String(n)]),
      ...["-c:v", "libx264", "-c:a", "pcm_s16le"],
      ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=eng"],
      ...["-metadata:s:a:2", "language=ger", "-metadata:s:a:3", "language=fra"],
    ]);
    const remix = { InputChannels: [-60, 0] };
    result = await run(
      input,
      {
        pair: { Tracks: [1, 2] },
        german: { SelectorType: "LANGUAGE_CODE", LanguageCode: "DEU" },
        surround: { Tracks: [4] },
        default: { DefaultSelection: "DEFAULT" },
      },
      [
        audioFile("pair", aac("pair"), aac("german"), aac("surround")),
        audioFile(
          "languages",
          aac("default"),
          aac("pair", {
            LanguageCodeControl: "USE_CONFIGURED",
            LanguageCode: "SPA",
            RemixSettings: {
              ChannelsIn: 2,
              ChannelsOut: 2,
              ChannelMapping: { OutputChannels: [remix, remix] },
            },
          }),
        ),
      ],
    );
  });

  test("make several audio tracks of one file, each with its language", async () => {
    expect(result.detail).toMatchObject({ status: "COMPLETE" });
    const { path, ContentType } = await download("tracks.mov-pair.m4a");
    expect(ContentType).toBe("audio/mp4");
    const found = await streams(path);
    expect(found.map(({ codec_type }) => codec_type)).toEqual(["audio", "audio", "audio"]);
    expect(found.map(({ tags }) => tags?.language)).toEqual(["eng", "ger", "fra"]);
    expect(found.map(({ channels }) => channels)).toEqual([2, 2, 2]);
  });

  test("make left and right of two mono tracks", async () => {
    const { path } = await download("tracks.mov-pair.m4a");
    expect(await levels(path, 500)).toEqual([near(-21), silent]);
    expect(await levels(path, 1000)).toEqual([silent, near(-21)]);
  });

  test("select a language, and mix 5.1 to stereo", async () => {
    const { path } = await download("tracks.mov-pair.m4a");
    expect(await levels(path, 2000, 1)).toEqual([near(-21), near(-21)]);
    // Front, center and surround: the weights 1, 0.7 and 0.7 are divided by their sum.
    expect(await levels(path, 3000, 2)).toEqual([near(-21), near(-21)]);
  });

  test("mix the mono tracks of a recording by default, and remix by the job's gains", async () => {
    const { path } = await download("tracks.mov-languages.m4a");
    for (const hertz of [500, 1000]) {
      expect(await levels(path, hertz)).toEqual([near(-21), near(-21)]);
    }
    expect(await levels(path, 500, 1)).toEqual([silent, silent]);
    expect(await levels(path, 1000, 1)).toEqual([near(-21), near(-21)]);
    expect((await streams(path)).map(({ tags }) => tags?.language)).toEqual(["eng", "spa"]);
  });

  test("fail with 1021 if they select no track", async () => {
    const input = await source("one.wav", tone(500));
    const outputs = [audioFile("a", aac("two"))];
    for (const selector of [{ Tracks: [1, 2] }, language("FRA")]) {
      const { detail } = await run(input, { two: selector }, outputs);
      expect(detail).toMatchObject({ status: "ERROR", errorCode: 1021 });
    }
  });
});

const language = (LanguageCode: "FRA"): AudioSelector => ({
  SelectorType: "LANGUAGE_CODE",
  LanguageCode,
});

test("makes an M4A of a source without picture, and rejects a picture for it", async () => {
  const input = await source("sound.flac", tone(500, 2));
  const selectors: Record<string, AudioSelector> = { all: { DefaultSelection: "DEFAULT" } };
  const { detail } = await run(input, selectors, [audioFile("audio", aac("all"))]);
  expect(detail).toMatchObject({
    status: "COMPLETE",
    outputGroupDetails: [
      {
        outputDetails: [
          {
            outputFilePaths: ["s3://renditions/sound.flac-audio.m4a"],
            durationInMs: near(1000, 100),
          },
        ],
      },
    ],
  });
  const { path } = await download("sound.flac-audio.m4a");
  expect(await levels(path, 500)).toEqual([near(-21), near(-21)]);

  const H264Settings = { RateControlMode: "VBR", Bitrate: 100_000 } as const;
  const video = { CodecSettings: { Codec: "H_264", H264Settings } } as const;
  const failed = await run(input, selectors, [
    { ...audioFile("audio", aac("all")), VideoDescription: video },
  ]);
  expect(failed.detail).toMatchObject({ status: "ERROR", errorCode: 1020 });
});
