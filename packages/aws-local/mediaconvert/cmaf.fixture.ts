/** A CreateJob request with a CMAF group, its MP4s and a poster, for small sources. */
import type {
  CreateJobRequest,
  Output,
  OutputGroup,
  VideoDescription,
} from "@aws-sdk/client-mediaconvert";

export interface CmafRequest {
  fileInput: string;
  /** The folder of the job in the renditions bucket. */
  folder: string;
  rungs?: { width: number; height: number; rate?: [number, number] }[];
  hasAudio?: boolean;
  /** Which rung each MP4 repeats. */
  mp4s?: Record<string, number>;
  maxBitRate?: number;
}

const AUDIO = "Audio Selector 1";
const RUNGS: NonNullable<CmafRequest["rungs"]> = [
  { width: 320, height: 180 },
  { width: 160, height: 90 },
  { width: 96, height: 54, rate: [15, 1] },
];

export function cmafRequest(request: CmafRequest): CreateJobRequest {
  const { fileInput, folder, rungs = RUNGS, hasAudio = true, maxBitRate = 600_000 } = request;
  const { mp4s = { "1080p": 0, "720p": 1, "web-720p": 1 } } = request;
  const videos = rungs.map((rung) => rungVideo(rung, maxBitRate));
  const audio = hasAudio ? [audioDescription()] : undefined;
  const destination = `s3://renditions/${folder}`;
  return {
    Role: "arn:aws:iam::000000000000:role/rushes",
    UserMetadata: { jobId: folder, attempt: "1" },
    Settings: {
      Inputs: [
        {
          FileInput: fileInput,
          TimecodeSource: "ZEROBASED",
          VideoSelector: { Rotate: "AUTO" },
          AudioSelectors: hasAudio ? { [AUDIO]: { DefaultSelection: "DEFAULT" } } : undefined,
        },
      ],
      OutputGroups: [
        cmafGroup(`${destination}/hls/index`, [
          ...videos.map((video) => ({
            NameModifier: `-${video.Height}p`,
            ContainerSettings: { Container: "CMFC" as const },
            VideoDescription: video,
          })),
          ...(hasAudio ? [audioOutput()] : []),
        ]),
        fileGroup(
          `${destination}/clip`,
          Object.entries(mp4s).map(([label, rung]) => ({
            NameModifier: `-${label}`,
            Extension: "mp4",
            ContainerSettings: {
              Container: "MP4",
              Mp4Settings: { MoovPlacement: "PROGRESSIVE_DOWNLOAD" },
            },
            VideoDescription: videos[rung],
            AudioDescriptions: audio,
          })),
        ),
        fileGroup(`${destination}/clip`, [poster()]),
      ],
    },
  };
}

function cmafGroup(Destination: string, Outputs: Output[]): OutputGroup {
  return {
    Name: "CMAF",
    CustomName: "HLS",
    OutputGroupSettings: {
      Type: "CMAF_GROUP_SETTINGS",
      CmafGroupSettings: {
        Destination,
        WriteHlsManifest: "ENABLED",
        WriteDashManifest: "DISABLED",
        SegmentControl: "SEGMENTED_FILES",
        SegmentLength: 2,
        FragmentLength: 2,
        CodecSpecification: "RFC_6381",
        ManifestDurationFormat: "FLOATING_POINT",
        StreamInfResolution: "INCLUDE",
        VideoCompositionOffsets: "SIGNED",
        // A tile lasts longer than every clip of the tests: no output may wait for a full one.
        ImageBasedTrickPlay: "ADVANCED",
        ImageBasedTrickPlaySettings: {
          IntervalCadence: "FOLLOW_CUSTOM",
          ThumbnailInterval: 1,
          ThumbnailWidth: 64,
          ThumbnailHeight: 36,
          TileWidth: 10,
          TileHeight: 10,
        },
      },
    },
    Outputs,
  };
}

function fileGroup(Destination: string, Outputs: Output[]): OutputGroup {
  return {
    Name: "File Group",
    OutputGroupSettings: {
      Type: "FILE_GROUP_SETTINGS",
      FileGroupSettings: { Destination },
    },
    Outputs,
  };
}

function rungVideo(
  { width, height, rate: [numerator, denominator] = [30, 1] }: (typeof RUNGS)[number],
  maxBitRate: number,
): VideoDescription {
  return {
    Width: width,
    Height: height,
    ScalingBehavior: "STRETCH_TO_OUTPUT",
    VideoPreprocessors: {
      Deinterlacer: { Mode: "DEINTERLACE", Control: "NORMAL" },
      ColorCorrector: {
        ColorSpaceConversion: "FORCE_709",
        HdrToSdrToneMapper: "PRESERVE_DETAILS",
        SampleRangeConversion: "LIMITED_RANGE_SQUEEZE",
      },
    },
    CodecSettings: {
      Codec: "H_264",
      H264Settings: {
        RateControlMode: "QVBR",
        QvbrSettings: { QvbrQualityLevel: 8 },
        MaxBitrate: maxBitRate,
        HrdBufferSize: maxBitRate,
        QualityTuningLevel: "SINGLE_PASS_HQ",
        CodecProfile: "HIGH",
        CodecLevel: "AUTO",
        FramerateControl: "SPECIFIED",
        FramerateNumerator: numerator,
        FramerateDenominator: denominator,
        FramerateConversionAlgorithm: "DUPLICATE_DROP",
        GopSize: 2,
        GopSizeUnits: "SECONDS",
        GopClosedCadence: 1,
        SceneChangeDetect: "DISABLED",
        InterlaceMode: "PROGRESSIVE",
        ParControl: "SPECIFIED",
        ParNumerator: 1,
        ParDenominator: 1,
        EntropyEncoding: "CABAC",
      },
    },
  };
}

function audioDescription(): NonNullable<Output["AudioDescriptions"]>[number] {
  return {
    AudioSourceName: AUDIO,
    CodecSettings: {
      Codec: "AAC",
      AacSettings: {
        CodecProfile: "LC",
        CodingMode: "CODING_MODE_2_0",
        RateControlMode: "CBR",
        Bitrate: 128_000,
        SampleRate: 48_000,
      },
    },
  };
}

function audioOutput(): Output {
  return {
    NameModifier: "-audio",
    ContainerSettings: {
      Container: "CMFC",
      CmfcSettings: {
        AudioGroupId: "audio",
        AudioTrackType: "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
      },
    },
    AudioDescriptions: [
      { ...audioDescription(), LanguageCode: "ENG", LanguageCodeControl: "USE_CONFIGURED" },
    ],
  };
}

function poster(): Output {
  return {
    NameModifier: "-poster",
    Extension: "jpg",
    ContainerSettings: { Container: "RAW" },
    VideoDescription: {
      Width: 320,
      Height: 180,
      ScalingBehavior: "FIT_NO_UPSCALE",
      VideoPreprocessors: rungVideo(RUNGS[0] ?? { width: 320, height: 180 }, 1000)
        .VideoPreprocessors,
      CodecSettings: {
        Codec: "FRAME_CAPTURE",
        FrameCaptureSettings: { FramerateNumerator: 1, FramerateDenominator: 1, MaxCaptures: 2 },
      },
    },
  };
}
