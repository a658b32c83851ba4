/** The MP4 files of the profile `original`. */
import type { H264Settings, Output, OutputGroup } from "@aws-sdk/client-mediaconvert";
import { PRESETS, type Preset } from "../../rendition/preset.ts";
import type { Download } from "../../rendition/profile.ts";
import { aac } from "./audio.ts";
import { fileGroup, mp4Output } from "./file-group.ts";
import { type Picture, preprocessors, type TranscodeRequest } from "./source.ts";

/** A group of MP4 files with the settings of Elastic Transcoder's presets. */
export function presetGroup(
  request: TranscodeRequest,
  picture: Picture,
  labels: readonly Download[],
): OutputGroup {
  const presets = PRESETS.filter(({ label }) => labels.includes(label));
  return fileGroup(
    request,
    "MP4",
    presets.map((preset) => mp4(preset, request, picture)),
  );
}

function mp4(preset: Preset, { source }: TranscodeRequest, picture: Picture): Output {
  const { bitRate, sampleRate } = preset.audio;
  return mp4Output(preset.label, "mp4", {
    VideoDescription: {
      Width: preset.video.maxWidth,
      Height: preset.video.maxHeight,
      ScalingBehavior: "FIT_NO_UPSCALE",
      VideoPreprocessors: preprocessors(picture),
      CodecSettings: { Codec: "H_264", H264Settings: h264(preset.video) },
    },
    ...(source.audio.length > 0 && {
      AudioDescriptions: [aac(source.audio, 0, bitRate, sampleRate)],
    }),
  });
}

function h264(video: Preset["video"]): H264Settings {
  const baseline = video.profile === "baseline";
  return {
    CodecProfile: baseline ? "BASELINE" : "MAIN",
    CodecLevel: video.level === "4" ? "LEVEL_4" : "LEVEL_3_1",
    RateControlMode: "VBR",
    Bitrate: video.bitRate,
    // Both levels allow more than twice the rates that these presets use.
    MaxBitrate: video.bitRate * 1.5,
    HrdBufferSize: video.bitRate * 2,
    QualityTuningLevel: "SINGLE_PASS_HQ",
    FramerateControl: "SPECIFIED",
    FramerateNumerator: video.frameRate.numerator,
    FramerateDenominator: video.frameRate.denominator,
    FramerateConversionAlgorithm: "DUPLICATE_DROP",
    GopSizeUnits: "FRAMES",
    GopSize: video.keyframeMaxDistance,
    GopClosedCadence: 1,
    // The presets' keyframes are not fixed: a cut may add one.
    SceneChangeDetect: "ENABLED",
    NumberReferenceFrames: video.referenceFrames,
    // Baseline has neither B-frames nor CABAC.
    NumberBFramesBetweenReferenceFrames: baseline ? 0 : 2,
    GopBReference: "DISABLED",
    EntropyEncoding: baseline ? "CAVLC" : "CABAC",
    InterlaceMode: "PROGRESSIVE",
    ParControl: "SPECIFIED",
    ParNumerator: 1,
    ParDenominator: 1,
  };
}
