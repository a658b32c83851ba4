import type {
  CreateJobRequest,
  H264Settings,
  Output,
  OutputGroup,
  VideoPreprocessor,
} from "@aws-sdk/client-mediaconvert";
import { POSTER, PRESETS, type Preset } from "../rendition/preset.ts";

const AUDIO_SELECTOR = "Audio Selector 1";

export interface TranscodeRequest {
  jobId: string;
  attempt: number;
  /** `s3://bucket/key`, with the key unencoded. */
  sourceUrl: string;
  /** `s3://bucket/<jobId>/<attempt>/<safeName>/`, with the trailing slash. */
  destination: string;
  /** The source's base name made safe: MediaConvert would read `$` as a format identifier. */
  safeName: string;
  hasAudio: boolean;
  /** 0 if the length is unknown. */
  durationSeconds: number;
  /** True if the probe says that no frame is interlaced. */
  isProgressive?: boolean;
  /** True if the probe says that the colors are BT.709. */
  isBt709?: boolean;
  roleArn: string;
  queueArn: string;
}

/**
 * The CreateJob request of one attempt: three MP4s and the captures for a poster. Pure, so that the same attempt always
 * has the same request, as ClientRequestToken requires.
 */
export function createJobRequest(request: TranscodeRequest): CreateJobRequest {
  return {
    Role: request.roleArn,
    Queue: request.queueArn,
    // Protects against a repeated call for one minute only. After that, Rushes searches for the job.
    ClientRequestToken: `${request.jobId}-${request.attempt}`,
    UserMetadata: { jobId: request.jobId, attempt: String(request.attempt) },
    // The shortest interval. The default is a minute.
    StatusUpdateInterval: "SECONDS_10",
    Settings: {
      TimecodeConfig: { Source: "ZEROBASED" },
      Inputs: [
        {
          FileInput: request.sourceUrl,
          TimecodeSource: "ZEROBASED",
          // MediaConvert ignores the rotation that phones write unless this is set.
          VideoSelector: { Rotate: "AUTO" },
          // A selector without audio is error 1021.
          ...(request.hasAudio && {
            AudioSelectors: { [AUDIO_SELECTOR]: { DefaultSelection: "DEFAULT" } },
          }),
        },
      ],
      OutputGroups: [
        fileGroup(
          request,
          "MP4",
          PRESETS.map((preset) => mp4(preset, request)),
        ),
        fileGroup(request, "Poster", [poster(request)]),
      ],
    },
  };
}

function fileGroup(request: TranscodeRequest, name: string, outputs: Output[]): OutputGroup {
  return {
    Name: "File Group",
    CustomName: name,
    OutputGroupSettings: {
      Type: "FILE_GROUP_SETTINGS",
      // With a trailing file name, because MediaConvert would otherwise use the source's.
      FileGroupSettings: { Destination: `${request.destination}${request.safeName}` },
    },
    Outputs: outputs,
  };
}

/**
 * What the source needs before it is encoded. MediaConvert does neither unless it is asked: an interlaced
 * picture would be combed, and HDR would be dull.
 */
function preprocessors({
  isProgressive,
  isBt709,
}: TranscodeRequest): VideoPreprocessor | undefined {
  if (isProgressive && isBt709) return undefined;
  return {
    // Only the interlaced frames of a source.
    Deinterlacer: isProgressive ? undefined : { Mode: "DEINTERLACE", Control: "NORMAL" },
    ColorCorrector: isBt709
      ? undefined
      : {
          ColorSpaceConversion: "FORCE_709",
          HdrToSdrToneMapper: "PRESERVE_DETAILS",
          SampleRangeConversion: "LIMITED_RANGE_SQUEEZE",
        },
  };
}

function mp4(preset: Preset, request: TranscodeRequest): Output {
  return {
    NameModifier: `-${preset.label}`,
    // Without it, MediaConvert uses whatever follows a dot in the name.
    Extension: "mp4",
    ContainerSettings: {
      Container: "MP4",
      Mp4Settings: { MoovPlacement: "PROGRESSIVE_DOWNLOAD" },
    },
    VideoDescription: {
      Width: preset.video.maxWidth,
      Height: preset.video.maxHeight,
      ScalingBehavior: "FIT_NO_UPSCALE",
      VideoPreprocessors: preprocessors(request),
      CodecSettings: { Codec: "H_264", H264Settings: h264(preset.video) },
    },
    ...(request.hasAudio && {
      AudioDescriptions: [
        {
          AudioSourceName: AUDIO_SELECTOR,
          CodecSettings: {
            Codec: "AAC",
            AacSettings: {
              CodecProfile: "LC",
              CodingMode: "CODING_MODE_2_0",
              RateControlMode: "CBR",
              Bitrate: preset.audio.bitRate,
              SampleRate: preset.audio.sampleRate,
            },
          },
        },
      ],
    }),
  };
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

/**
 * Captures spread over the whole length, the first at the start. One per second if the length is unknown. For a video
 * shorter than one second, eight per second.
 */
function poster(request: TranscodeRequest): Output {
  const { durationSeconds } = request;
  const seconds = durationSeconds > 0 ? Math.max(1, durationSeconds) : POSTER.captures;
  return {
    NameModifier: `-${POSTER.label}`,
    Extension: "jpg",
    ContainerSettings: { Container: "RAW" },
    VideoDescription: {
      Width: POSTER.maxWidth,
      Height: POSTER.maxHeight,
      ScalingBehavior: "FIT_NO_UPSCALE",
      VideoPreprocessors: preprocessors(request),
      CodecSettings: {
        Codec: "FRAME_CAPTURE",
        FrameCaptureSettings: {
          // In milliseconds, because both must be whole numbers.
          FramerateNumerator: POSTER.captures * 1000,
          FramerateDenominator: Math.round(seconds * 1000),
          MaxCaptures: POSTER.captures,
          Quality: POSTER.quality,
        },
      },
    },
  };
}
