import * as z from "zod";
import { ApiError } from "./errors.ts";

/**
 * What of CreateJob this encoder translates, on the wire's own names. Every object is strict: a
 * setting that is not on this page is refused by its path, never dropped.
 */

const fraction = {
  numerator: z.int().min(1).max(2_147_483_647).optional(),
  denominator: z.int().min(1).max(2_147_483_647).optional(),
};

const LEVELS = [
  "AUTO",
  "LEVEL_1",
  "LEVEL_1_1",
  "LEVEL_1_2",
  "LEVEL_1_3",
  "LEVEL_2",
  "LEVEL_2_1",
  "LEVEL_2_2",
  "LEVEL_3",
  "LEVEL_3_1",
  "LEVEL_3_2",
  "LEVEL_4",
  "LEVEL_4_1",
  "LEVEL_4_2",
  "LEVEL_5",
  "LEVEL_5_1",
  "LEVEL_5_2",
] as const;

export const H264Settings = z
  .strictObject({
    codecProfile: z.enum(["BASELINE", "MAIN", "HIGH"]).default("MAIN"),
    codecLevel: z.enum(LEVELS).default("AUTO"),
    rateControlMode: z.enum(["VBR", "CBR", "QVBR"]),
    bitrate: z.int().min(1000).max(1_152_000_000).optional(),
    maxBitrate: z.int().min(1000).max(1_152_000_000).optional(),
    hrdBufferSize: z.int().min(0).max(1_152_000_000).optional(),
    qvbrSettings: z
      .strictObject({
        qvbrQualityLevel: z.int().min(1).max(10).default(7),
        qvbrQualityLevelFineTune: z.number().min(0).max(1).default(0),
      })
      .optional(),
    qualityTuningLevel: z
      .enum(["SINGLE_PASS", "SINGLE_PASS_HQ", "MULTI_PASS_HQ"])
      .default("SINGLE_PASS"),
    framerateControl: z
      .enum(["SPECIFIED", "INITIALIZE_FROM_SOURCE"])
      .default("INITIALIZE_FROM_SOURCE"),
    framerateNumerator: fraction.numerator,
    framerateDenominator: fraction.denominator,
    framerateConversionAlgorithm: z.literal("DUPLICATE_DROP").optional(),
    gopSizeUnits: z.enum(["FRAMES", "SECONDS", "AUTO"]).default("AUTO"),
    gopSize: z.number().positive().max(100_000).optional(),
    gopClosedCadence: z.literal(1).optional(),
    sceneChangeDetect: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
    minIInterval: z.int().min(0).max(30).optional(),
    numberReferenceFrames: z.int().min(1).max(6).default(3),
    numberBFramesBetweenReferenceFrames: z.int().min(0).max(7).optional(),
    gopBReference: z.enum(["ENABLED", "DISABLED"]).default("DISABLED"),
    entropyEncoding: z.enum(["CABAC", "CAVLC"]).optional(),
    interlaceMode: z.literal("PROGRESSIVE").optional(),
    parControl: z.literal("SPECIFIED").optional(),
    parNumerator: z.literal(1).optional(),
    parDenominator: z.literal(1).optional(),
    slices: z.literal(1).optional(),
  })
  .superRefine((h264, check) => {
    const need = (
      key: "bitrate" | "maxBitrate" | "framerateNumerator" | "framerateDenominator",
    ) => {
      if (h264[key] === undefined)
        check.addIssue({
          code: "custom",
          path: [key],
          message: "is required by the other settings",
        });
    };
    if (h264.rateControlMode === "QVBR") need("maxBitrate");
    else need("bitrate");
    if (h264.framerateControl === "SPECIFIED") {
      need("framerateNumerator");
      need("framerateDenominator");
    }
    if (h264.codecProfile === "BASELINE") {
      if (h264.numberBFramesBetweenReferenceFrames)
        check.addIssue({
          code: "custom",
          path: ["numberBFramesBetweenReferenceFrames"],
          message: "must be 0 in the baseline profile",
        });
      if (h264.entropyEncoding === "CABAC")
        check.addIssue({
          code: "custom",
          path: ["entropyEncoding"],
          message: "must be CAVLC in the baseline profile",
        });
    }
    if (h264.gopSizeUnits !== "AUTO" && h264.gopSize === undefined)
      check.addIssue({ code: "custom", path: ["gopSize"], message: "is required by gopSizeUnits" });
  });
export type H264Settings = z.infer<typeof H264Settings>;

export const FrameCaptureSettings = z.strictObject({
  framerateNumerator: z.int().min(1).default(1),
  framerateDenominator: z.int().min(1).default(1),
  maxCaptures: z.int().min(1).max(10_000_000).default(10_000_000),
  quality: z.int().min(1).max(100).default(80),
});
export type FrameCaptureSettings = z.infer<typeof FrameCaptureSettings>;

// H.264 and JPEG in 4:2:0 know no odd sizes.
const size = z.int().min(32).max(8192).multipleOf(2).optional();

export const VideoDescription = z.strictObject({
  width: size,
  height: size,
  scalingBehavior: z
    .enum(["DEFAULT", "FIT", "FIT_NO_UPSCALE", "FILL", "STRETCH_TO_OUTPUT"])
    .default("DEFAULT"),
  antiAlias: z.literal("ENABLED").optional(),
  timecodeInsertion: z.literal("DISABLED").optional(),
  respondToAfd: z.literal("NONE").optional(),
  afdSignaling: z.literal("NONE").optional(),
  videoPreprocessors: z
    .strictObject({
      colorCorrector: z
        .strictObject({ colorSpaceConversion: z.enum(["NONE", "FORCE_709"]).default("NONE") })
        .optional(),
    })
    .optional(),
  codecSettings: z.discriminatedUnion("codec", [
    z.strictObject({ codec: z.literal("H_264"), h264Settings: H264Settings }),
    z.strictObject({
      codec: z.literal("FRAME_CAPTURE"),
      frameCaptureSettings: FrameCaptureSettings.default(FrameCaptureSettings.parse({})),
    }),
  ]),
});
export type VideoDescription = z.infer<typeof VideoDescription>;

export const AudioDescription = z.strictObject({
  audioSourceName: z.string().optional(),
  audioTypeControl: z.literal("FOLLOW_INPUT").optional(),
  languageCodeControl: z.literal("FOLLOW_INPUT").optional(),
  codecSettings: z.strictObject({
    codec: z.literal("AAC"),
    aacSettings: z.strictObject({
      codecProfile: z.literal("LC").optional(),
      codingMode: z.enum(["CODING_MODE_1_0", "CODING_MODE_2_0", "CODING_MODE_5_1"]),
      rateControlMode: z.literal("CBR").optional(),
      bitrate: z.int().min(6000).max(1_024_000),
      sampleRate: z.int().min(8000).max(96_000),
      specification: z.literal("MPEG4").optional(),
      rawFormat: z.literal("NONE").optional(),
    }),
  }),
});
export type AudioDescription = z.infer<typeof AudioDescription>;

// `$` begins a format identifier such as $dt$, of which none is translated.
const nameText = z
  .string()
  .max(256)
  .regex(/^[^$]*$/, "must not have format identifiers");

export const Output = z.strictObject({
  nameModifier: nameText.regex(/^[^/]*$/, "must not have a slash").optional(),
  extension: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9]*$/, "must be letters and digits")
    .optional(),
  containerSettings: z.discriminatedUnion("container", [
    z.strictObject({
      container: z.enum(["MP4"]),
      mp4Settings: z
        .strictObject({
          moovPlacement: z.enum(["PROGRESSIVE_DOWNLOAD", "NORMAL"]).default("NORMAL"),
        })
        .optional(),
    }),
    z.strictObject({ container: z.literal("RAW") }),
  ]),
  videoDescription: VideoDescription,
  audioDescriptions: z.array(AudioDescription).max(1).default([]),
});
export type Output = z.infer<typeof Output>;

export const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s;

export const OutputGroup = z.strictObject({
  name: z.string().optional(),
  customName: z.string().optional(),
  outputGroupSettings: z.strictObject({
    type: z.literal("FILE_GROUP_SETTINGS"),
    fileGroupSettings: z.strictObject({
      destination: z
        .string()
        .regex(S3_URL, "must be s3://bucket/key")
        .regex(/^[^$]*$/, "must not have format identifiers"),
    }),
  }),
  outputs: z.array(Output).min(1, "Should have at least 1 items").max(100),
});

export const Input = z.strictObject({
  fileInput: z.string().regex(S3_URL, "must be s3://bucket/key"),
  timecodeSource: z.literal("ZEROBASED").optional(),
  inputScanType: z.literal("AUTO").optional(),
  videoSelector: z
    .strictObject({
      rotate: z
        .enum(["AUTO", "DEGREE_0", "DEGREES_90", "DEGREES_180", "DEGREES_270"])
        .default("DEGREE_0"),
      colorSpace: z.literal("FOLLOW").optional(),
    })
    .default({ rotate: "DEGREE_0" }),
  audioSelectors: z
    .record(
      z.string(),
      z.strictObject({
        defaultSelection: z.enum(["DEFAULT", "NOT_DEFAULT"]).optional(),
        selectorType: z.literal("TRACK").optional(),
        tracks: z.array(z.int().min(1)).length(1).optional(),
        offset: z.literal(0).optional(),
        programSelection: z.literal(1).optional(),
      }),
    )
    .default({}),
});
export type Input = z.infer<typeof Input>;

export const JobSettings = z
  .strictObject({
    timecodeConfig: z.strictObject({ source: z.literal("ZEROBASED").optional() }).optional(),
    adAvailOffset: z.literal(0).optional(),
    inputs: z
      .array(Input)
      .min(1, "Should have at least 1 items")
      .max(1, "Should have at most 1 items"),
    outputGroups: z.array(OutputGroup).min(1, "Should have at least 1 items").max(20),
  })
  .superRefine((settings, check) => {
    const selectors = settings.inputs[0]?.audioSelectors ?? {};
    let encodes = 0;
    const files = new Set<string>();
    settings.outputGroups.forEach((group, g) => {
      group.outputs.forEach((output, o) => {
        const path = ["outputGroups", g, "outputs", o];
        const add = (at: (string | number)[], message: string) =>
          check.addIssue({ code: "custom", path: [...path, ...at], message });
        if (group.outputs.length > 1 && output.nameModifier === undefined)
          add(["nameModifier"], "is required when a group has several outputs");
        const capture = output.videoDescription.codecSettings.codec === "FRAME_CAPTURE";
        if (!capture) encodes++;
        const { destination } = group.outputGroupSettings.fileGroupSettings;
        const file = [destination, output.nameModifier, output.extension].join("\n");
        if (files.has(file)) add(["nameModifier"], "makes the same file as another output");
        files.add(file);
        if (capture !== (output.containerSettings.container === "RAW"))
          add(["containerSettings", "container"], "does not fit the codec");
        if (capture && output.audioDescriptions.length > 0)
          add(["audioDescriptions"], "a frame capture has no sound");
        output.audioDescriptions.forEach((audio, a) => {
          const name = audio.audioSourceName ?? "Audio Selector 1";
          if (!(name in selectors))
            add(["audioDescriptions", a, "audioSourceName"], `names no selector: ${name}`);
        });
      });
    });
    if (encodes === 0)
      check.addIssue({
        code: "custom",
        path: ["outputGroups"],
        message: "a job of frame captures only needs another output beside them",
      });
  });
export type JobSettings = z.infer<typeof JobSettings>;

const INTERVALS = [
  ...["SECONDS_10", "SECONDS_12", "SECONDS_15", "SECONDS_20", "SECONDS_30", "SECONDS_60"],
  ...["SECONDS_120", "SECONDS_180", "SECONDS_240", "SECONDS_300", "SECONDS_360", "SECONDS_420"],
  ...["SECONDS_480", "SECONDS_540", "SECONDS_600"],
];

export const CreateJob = z.strictObject({
  role: z.string().min(1),
  queue: z.string().optional(),
  clientRequestToken: z.string().min(1).max(256).optional(),
  userMetadata: z.record(z.string().max(256), z.string().max(256)).default({}),
  statusUpdateInterval: z.enum(INTERVALS).default("SECONDS_60"),
  priority: z.literal(0).optional(),
  accelerationSettings: z.strictObject({ mode: z.literal("DISABLED") }).optional(),
  simulateReservedQueue: z.literal("DISABLED").optional(),
  billingTagsSource: z.literal("JOB").optional(),
  settings: JobSettings,
});
export type CreateJob = z.infer<typeof CreateJob>;

/** Parses CreateJob's body; the ApiError names the setting by its pointer, settings' own from their root. */
export function parseCreateJob(body: unknown): CreateJob {
  const parsed = CreateJob.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues
    .flatMap((issue) => {
      if (issue.code !== "unrecognized_keys") return [`${pointer(issue.path)}: ${issue.message}`];
      return issue.keys.map(
        (key) => `${pointer([...issue.path, key])}: is not translated by this encoder`,
      );
    })
    .join("; ");
  throw new ApiError("BadRequestException", message);
}

function pointer(path: readonly PropertyKey[]): string {
  const from = path[0] === "settings" && path.length > 1 ? path.slice(1) : path;
  return from
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
