import type { Container } from "@aws-sdk/client-mediaconvert";
import { expect, test } from "vitest";
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

test("finds subtitles with their language, and no other data", () => {
  const text = (LanguageCode: string) => ({
    TrackType: "data" as const,
    DataProperties: { LanguageCode },
  });
  const { media } = read({
    Tracks: [
      { TrackType: "video", VideoProperties: { Width: 64, Height: 36 } },
      ...[text("ger"), text("und"), { TrackType: "data" as const }],
    ],
  });
  expect(media?.text).toEqual([{ language: "de" }, { language: undefined }]);
  expect(mediaOf({})?.text).toBeUndefined();
});

test.each([
  ["progressive", true],
  ["interlaced", false],
  [undefined, undefined],
])("finds whether the frames are progressive: %s", (ScanType, expected) => {
  expect(mediaOf({ CodecMetadata: { ScanType } })?.isProgressive).toBe(expected);
});
