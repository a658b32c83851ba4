import type { Container } from "@aws-sdk/client-mediaconvert";
import { expect, test } from "vitest";
import type { SourceTrack } from "../source/schema.ts";
import { read } from "./probe.ts";

type Video = NonNullable<NonNullable<Container["Tracks"]>[number]["VideoProperties"]>;
const mediaOf = (video: Video) =>
  read({
    Format: "mp4",
    Tracks: [{ TrackType: "video", VideoProperties: { Width: 64, Height: 36, ...video } }],
  }).media;

const BT709 = {
  ColorPrimaries: "ITU_709",
  TransferCharacteristics: "ITU_709",
  MatrixCoefficients: "ITU_709",
} as const;
const UNKNOWN = {
  ColorPrimaries: "UNSPECIFIED",
  TransferCharacteristics: "UNSPECIFIED",
  MatrixCoefficients: "UNSPECIFIED",
} as const;

test.each<[string, Video, boolean]>([
  ["the container says so", BT709, true],
  ["only the codec says so", { CodecMetadata: BT709 }, true],
  ["the container says nothing", { ...UNKNOWN, CodecMetadata: BT709 }, true],
  ["neither says anything", UNKNOWN, false],
  ["there is no answer", {}, false],
  ["one part is missing", { ...BT709, TransferCharacteristics: "UNSPECIFIED" }, false],
  ["it is HDR", { ...BT709, TransferCharacteristics: "SMPTE_2084" }, false],
  ["it is RGB", { ...BT709, MatrixCoefficients: "RGB" }, false],
  ["they disagree", { ...BT709, CodecMetadata: { MatrixCoefficients: "ITU_2020_NCL" } }, false],
])("finds BT.709 if all tags say so: %s", (_, video, expected) => {
  expect(mediaOf(video)?.isBt709).toBe(expected);
});

const stated = (
  type: SourceTrack["type"],
  format: string,
  isDefault = false,
  language?: string,
) => ({
  ...{ type, format, isDefault, language },
});

test("finds the subtitles that the file states, and no other data", () => {
  const picture = { TrackType: "video" as const, VideoProperties: { Width: 64, Height: 36 } };
  const data = { TrackType: "data" as const, DataProperties: { LanguageCode: "ger" } };
  const { media } = read({ Tracks: [picture, data, data, data] }, [
    stated("other", "avc1"),
    stated("text", "tx3g", false, "de"),
    stated("other", "tmcd", false, "de"),
    stated("text", "wvtt"),
  ]);
  expect(media?.text).toEqual([
    { language: "de", isTimedText: true, stream: 2 },
    { language: undefined, isTimedText: false, stream: 4 },
  ]);
  expect(mediaOf({})?.text).toBeUndefined();
});

test("begins with the audio track that the file marks as default, if it states all of them", () => {
  const audio = (LanguageCode: string) => ({
    ...{ TrackType: "audio" as const, AudioProperties: { Channels: 2, LanguageCode } },
  });
  const languagesOf = (...tracks: SourceTrack[]) =>
    read({ Tracks: [audio("eng"), audio("deu")] }, tracks).media?.recordings?.map(
      ({ language }) => language,
    );
  const [other, first] = [stated("audio", "mp4a"), stated("audio", "mp4a", true)];
  expect(languagesOf(other, first)).toEqual(["de", "en"]);
  expect(languagesOf(first, first)).toEqual(["en", "de"]);
  expect(languagesOf(other, other)).toEqual(["en", "de"]);
  expect(languagesOf(other, other, first)).toEqual(["en", "de"]);
  expect(languagesOf()).toEqual(["en", "de"]);
});

test.each([
  ["progressive", true],
  ["interlaced", false],
  [undefined, undefined],
])("finds whether the frames are progressive: %s", (ScanType, expected) => {
  expect(mediaOf({ CodecMetadata: { ScanType } })?.isProgressive).toBe(expected);
});

test.each([
  ["subtitles that last longer", 9, [2, 3], 3],
  ["a picture without a stated length", 9, [undefined, 3], 9],
  ["a container without one", undefined, [2, 3], 3],
])(
  "finds the length of the picture and the sound: %s",
  (_, Duration, [picture, sound], seconds) => {
    const Tracks = [
      { TrackType: "video" as const, Duration: picture },
      { TrackType: "audio" as const, Duration: sound },
      { TrackType: "data" as const, Duration: 9 },
    ];
    expect(read({ Format: "mp4", Duration, Tracks }).durationSeconds).toBe(seconds);
  },
);
