import type { Track } from "@aws-sdk/client-mediaconvert";
import { expect, test } from "vitest";
import { recordingsOf } from "./recordings.ts";

const track = (Channels: number, LanguageCode?: string, Duration = 10): Track => ({
  TrackType: "audio",
  Codec: "PCM",
  Duration,
  AudioProperties: { Channels, LanguageCode },
});

test.each([
  ["one track", [track(2, "eng")], undefined],
  [
    "two languages",
    [track(2, "eng"), track(6, "deu"), track(2, "eng")],
    [
      { tracks: [1], language: "en" },
      { tracks: [2], language: "de" },
    ],
  ],
  [
    "one language and one that is not stated",
    [track(2), track(2, "fra")],
    [
      { tracks: [1], language: undefined },
      { tracks: [2], language: "fr" },
    ],
  ],
  ["several tracks of one language", [track(2, "eng"), track(2, "eng")], undefined],
  [
    "two microphones and a mix",
    [track(1), track(1), track(2)],
    [{ tracks: [1, 2], language: undefined }],
  ],
])("finds the recordings of %s", (_, tracks, expected) => {
  expect(recordingsOf(tracks, "quicktime")).toEqual(expected);
});

test("begins with the track that plays by default", () => {
  const three = [track(2, "eng"), track(2, "deu"), track(2, "eng")];
  expect(recordingsOf(three, "mp4", 1)?.map(({ tracks }) => tracks)).toEqual([[2], [1]]);
  expect(recordingsOf(three, "mp4", 2)?.map(({ tracks }) => tracks)).toEqual([[3], [2]]);
  expect(recordingsOf([track(2), track(2)], "mp4", 1)).toEqual([{ tracks: [2] }]);
  expect(recordingsOf([track(1), track(1)], "mp4", 1)).toEqual([{ tracks: [1, 2] }]);
});

test("takes mono tracks for microphones only in the containers of recorders", () => {
  expect(recordingsOf([track(1), track(1)], "matroska")).toBeUndefined();
});
