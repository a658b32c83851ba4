import type { CreateJobRequest, Output } from "@aws-sdk/client-mediaconvert";
import { expect, test } from "vitest";
import { PROFILES, type Profile } from "../rendition/profile.ts";
import { createJobRequest, type TranscodeSource } from "./request.ts";

const SOURCE: TranscodeSource = {
  durationSeconds: 60,
  picture: { width: 1920, height: 1080, frameRate: 30, isProgressive: true, isBt709: true },
  audio: [{}],
  captions: [],
};

const jobOf = (profile: Profile, source: Partial<TranscodeSource> = {}) =>
  createJobRequest({
    jobId: "job_1",
    attempt: 1,
    sourceUrl: "s3://uploads/a.mp4",
    destination: "s3://renditions/media/job_1/1/a/",
    safeName: "a",
    profile,
    source: { ...SOURCE, ...source },
    roleArn: "arn:aws:iam::000000000000:role/rushes",
    queueArn: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
  });
const groupsOf = (job: CreateJobRequest) => job.Settings?.OutputGroups ?? [];
const outputsOf = (job: CreateJobRequest, name: string): Output[] =>
  groupsOf(job).find(({ CustomName }) => CustomName === name)?.Outputs ?? [];
const namesOf = (job: CreateJobRequest, name: string) =>
  outputsOf(job, name).map(({ NameModifier }) => NameModifier);
const groupNames = (job: CreateJobRequest) => groupsOf(job).map(({ CustomName }) => CustomName);
const sizesOf = (outputs: Output[]) =>
  outputs.flatMap(({ VideoDescription: video }) => (video ? [[video.Width, video.Height]] : []));

const Deinterlacer = { Mode: "DEINTERLACE", Control: "NORMAL" };
const ColorCorrector = {
  ColorSpaceConversion: "FORCE_709",
  HdrToSdrToneMapper: "PRESERVE_DETAILS",
  SampleRangeConversion: "LIMITED_RANGE_SQUEEZE",
};

test.each([
  ["nothing", {}, { Deinterlacer, ColorCorrector }],
  ["interlaced", { isProgressive: false, isBt709: false }, { Deinterlacer, ColorCorrector }],
  ["progressive", { isProgressive: true }, { ColorCorrector }],
  ["BT.709", { isBt709: true }, { Deinterlacer }],
  ["both", { isProgressive: true, isBt709: true }, undefined],
])(
  "requests for every output what the source needs if the probe says %s",
  (_, probed, expected) => {
    for (const profile of [PROFILES.web, PROFILES.original, PROFILES.hls]) {
      const picture = { width: 1920, height: 1080, frameRate: 30, ...probed };
      const job = jobOf(profile, { picture });
      const videos = groupsOf(job).flatMap(({ Outputs = [] }) =>
        Outputs.flatMap(({ VideoDescription }) => VideoDescription ?? []),
      );
      expect(videos.length).toBeGreaterThan(3);
      for (const { VideoPreprocessors } of videos) expect(VideoPreprocessors).toEqual(expected);
      expect(job.Settings?.Inputs?.[0]?.VideoSelector).toEqual({ Rotate: "AUTO" });
    }
  },
);

test("makes the presets' files and a poster with the profile original, with the sound of the default track", () => {
  const recordings = [
    { tracks: [2], language: "de" },
    { tracks: [1], language: "en" },
  ];
  const job = jobOf(PROFILES.original, { audio: recordings, captions: [{ stream: 4 }] });
  expect(groupNames(job)).toEqual(["MP4", "Poster"]);
  expect(namesOf(job, "MP4")).toEqual(["-1080p", "-720p", "-web-720p"]);
  expect(job.Settings?.Inputs?.[0]?.AudioSelectors).toEqual({
    "Audio Selector 1": { DefaultSelection: "DEFAULT", SelectorType: "TRACK", Tracks: [2] },
  });
  expect(job.Settings?.Inputs?.[0]).not.toHaveProperty("CaptionSelectors");
});

test("makes a stream, three files of its rungs and a poster with the profile web", () => {
  const job = jobOf(PROFILES.web);
  expect(groupNames(job)).toEqual(["HLS", "MP4", "Poster"]);
  expect(namesOf(job, "HLS")).toEqual(["-1080p", "-720p", "-480p", "-360p", "-240p", "-audio"]);
  expect(namesOf(job, "MP4")).toEqual(["-1080p", "-720p", "-web-720p"]);
  const rungs = outputsOf(job, "HLS").map(({ VideoDescription }) => VideoDescription);
  for (const { VideoDescription, AudioDescriptions } of outputsOf(job, "MP4")) {
    expect(rungs).toContainEqual(VideoDescription);
    expect(AudioDescriptions).toEqual(outputsOf(job, "HLS").at(-1)?.AudioDescriptions);
  }
  expect(sizesOf(outputsOf(job, "MP4"))).toEqual([
    [1920, 1080],
    [1280, 720],
    [1280, 720],
  ]);
  expect(groupsOf(job)[0]?.OutputGroupSettings).toEqual({
    Type: "CMAF_GROUP_SETTINGS",
    CmafGroupSettings: {
      Destination: "s3://renditions/media/job_1/1/a/hls/index",
      WriteHlsManifest: "ENABLED",
      WriteDashManifest: "DISABLED",
      SegmentControl: "SEGMENTED_FILES",
      SegmentLength: 2,
      FragmentLength: 2,
      CodecSpecification: "RFC_6381",
      ManifestDurationFormat: "FLOATING_POINT",
      StreamInfResolution: "INCLUDE",
      VideoCompositionOffsets: "SIGNED",
      ImageBasedTrickPlay: "ADVANCED",
      ImageBasedTrickPlaySettings: {
        IntervalCadence: "FOLLOW_CUSTOM",
        ThumbnailInterval: 1,
        ThumbnailWidth: 240,
        ThumbnailHeight: 136,
        TileWidth: 10,
        TileHeight: 6,
      },
    },
  });
});

test("makes no files with the profile hls", () => {
  expect(groupNames(jobOf(PROFILES.hls))).toEqual(["HLS", "Poster"]);
});

test.each(Object.values(PROFILES))(
  "makes a stream and an M4A file of a source without a picture with the profile $name",
  (profile) => {
    const job = jobOf(profile, { picture: undefined });
    expect(groupNames(job)).toEqual(["HLS", "Audio"]);
    expect(namesOf(job, "HLS")).toEqual(["-audio"]);
    expect(outputsOf(job, "Audio")).toMatchObject([{ NameModifier: "-audio", Extension: "m4a" }]);
    expect(JSON.stringify(job)).not.toContain("TrickPlay");
  },
);

test("uses only the sound of a video with the profile audio", () => {
  expect(groupNames(jobOf(PROFILES.audio))).toEqual(["HLS", "Audio"]);
});

test("makes one audio rendition for each language and joins the tracks of one recording", () => {
  const job = jobOf(PROFILES.web, {
    audio: [{ tracks: [1, 2], language: "en" }, { tracks: [3], language: "pt" }, { tracks: [4] }],
  });
  expect(job.Settings?.Inputs?.[0]?.AudioSelectors).toEqual({
    "Audio Selector 1": { DefaultSelection: "DEFAULT", SelectorType: "TRACK", Tracks: [1, 2] },
    "Audio Selector 2": { DefaultSelection: "NOT_DEFAULT", SelectorType: "TRACK", Tracks: [3] },
    "Audio Selector 3": { DefaultSelection: "NOT_DEFAULT", SelectorType: "TRACK", Tracks: [4] },
  });
  const audio = outputsOf(job, "HLS").filter(({ AudioDescriptions }) => AudioDescriptions);
  expect(audio.map(({ NameModifier }) => NameModifier)).toEqual(["-audio", "-audio-2", "-audio-3"]);
  expect(audio.map((output) => output.ContainerSettings?.CmfcSettings?.AudioTrackType)).toEqual([
    "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
    "ALTERNATE_AUDIO_AUTO_SELECT",
    "ALTERNATE_AUDIO_AUTO_SELECT",
  ]);
  expect(audio.map(({ AudioDescriptions }) => AudioDescriptions?.[0])).toMatchObject([
    { CustomLanguageCode: "en", StreamName: "English", AudioSourceName: "Audio Selector 1" },
    { CustomLanguageCode: "pt", StreamName: "Portuguese", AudioSourceName: "Audio Selector 2" },
    { AudioSourceName: "Audio Selector 3" },
  ]);
});

test("mixes the microphones of a recording on both sides, the same in the stream and the files", () => {
  const job = jobOf(PROFILES.web, { audio: [{ tracks: [1, 2] }] });
  expect(job.Settings?.Inputs?.[0]?.AudioSelectors).toEqual({
    "Audio Selector 1": { DefaultSelection: "DEFAULT", SelectorType: "TRACK", Tracks: [1, 2] },
  });
  const side = { InputChannels: [0, 0] };
  const ChannelMapping = { OutputChannels: [side, side] };
  const descriptions = [...outputsOf(job, "HLS"), ...outputsOf(job, "MP4")].flatMap(
    ({ AudioDescriptions = [] }) => AudioDescriptions,
  );
  expect(descriptions).toHaveLength(4);
  for (const { RemixSettings } of descriptions) {
    expect(RemixSettings).toEqual({ ChannelsIn: 2, ChannelsOut: 2, ChannelMapping });
  }
});

test("has no audio selector, group or description without sound", () => {
  for (const profile of [PROFILES.web, PROFILES.original, PROFILES.hls]) {
    expect(JSON.stringify(jobOf(profile, { audio: [] }))).not.toMatch(/audio/i);
  }
});

test("makes one output of WebVTT for each text track, with different names", () => {
  const job = jobOf(PROFILES.hls, {
    captions: [
      { stream: 3, language: "en" },
      { stream: 4, language: "en", name: "English for the deaf" },
      { stream: 6 },
    ],
  });
  expect(namesOf(job, "HLS").slice(-3)).toEqual(["-captions-en", "-captions-en-2", "-captions"]);
  expect(
    outputsOf(job, "HLS").flatMap(({ CaptionDescriptions = [] }) =>
      CaptionDescriptions.map(({ LanguageDescription }) => LanguageDescription),
    ),
  ).toEqual(["English", "English for the deaf", "Captions 3"]);
  expect(Object.keys(job.Settings?.Inputs?.[0]?.CaptionSelectors ?? {})).toEqual([
    "Captions 1",
    "Captions 2",
    "Captions 3",
  ]);
});

test("encodes a portrait of a phone upright, with square pixels", () => {
  const picture = { width: 1280, height: 720, rotation: 90, frameRate: 30 };
  expect(sizesOf(outputsOf(jobOf(PROFILES.hls, { picture }), "HLS"))).toEqual([
    [720, 1280],
    [480, 852],
    [360, 640],
    [240, 426],
  ]);
});

test("asks for no smaller picture than MediaConvert allows, and does not enlarge the source", () => {
  const picture = { width: 16, height: 16, frameRate: 30 };
  const [video] = outputsOf(jobOf(PROFILES.web, { picture }), "HLS");
  expect(video?.VideoDescription).toMatchObject({
    Width: 32,
    Height: 32,
    ScalingBehavior: "FIT_NO_UPSCALE",
  });
});
