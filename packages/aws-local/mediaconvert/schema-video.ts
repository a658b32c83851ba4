/** The video settings of CreateJob that this encoder supports. */
import * as z from "zod";

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

/** Settings with one supported value: the default, which the console writes into every job. */
const DEFAULTS = {
  // libx264 adapts the quantization to the picture and over time. It has no flicker reduction.
  adaptiveQuantization: z.literal("AUTO").optional(),
  spatialAdaptiveQuantization: z.literal("ENABLED").optional(),
  temporalAdaptiveQuantization: z.literal("ENABLED").optional(),
  flickerAdaptiveQuantization: z.literal("DISABLED").optional(),
  // libx264 varies the number of B-frames up to the requested one.
  dynamicSubGop: z.enum(["STATIC", "ADAPTIVE"]).optional(),
  // libx264's `vbv-init` of 0.9.
  hrdBufferInitialFillPercentage: z.literal(90).optional(),
  // Both concern interlaced outputs only.
  fieldEncoding: z.enum(["PAFF", "FORCE_FIELD", "MBAFF"]).optional(),
  scanTypeConversionMode: z.enum(["INTERLACED", "INTERLACED_OPTIMIZE"]).optional(),
  repeatPps: z.literal("DISABLED").optional(),
  slowPal: z.literal("DISABLED").optional(),
  softness: z.literal(0).optional(),
  syntax: z.literal("DEFAULT").optional(),
  telecine: z.literal("NONE").optional(),
  unregisteredSeiTimecode: z.literal("DISABLED").optional(),
  saliencyAwareEncoding: z.literal("DISABLED").optional(),
  endOfStreamMarkers: z.literal("INCLUDE").optional(),
  writeMp4PackagingType: z.literal("AVC1").optional(),
};

const H264Fields = z.strictObject({
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
  // libx264 has one kind of detection.
  sceneChangeDetect: z.enum(["ENABLED", "DISABLED", "TRANSITION_DETECTION"]).default("ENABLED"),
  minIInterval: z.int().min(0).max(30).optional(),
  /** Like the next two, the preset of the quality tuning level decides if it is absent. */
  numberReferenceFrames: z.int().min(1).max(6).optional(),
  numberBFramesBetweenReferenceFrames: z.int().min(0).max(7).optional(),
  gopBReference: z.enum(["ENABLED", "DISABLED"]).optional(),
  entropyEncoding: z.enum(["CABAC", "CAVLC"]).optional(),
  interlaceMode: z.literal("PROGRESSIVE").optional(),
  parControl: z.enum(["SPECIFIED", "INITIALIZE_FROM_SOURCE"]).default("INITIALIZE_FROM_SOURCE"),
  parNumerator: z.literal(1).optional(),
  parDenominator: z.literal(1).optional(),
  slices: z.literal(1).optional(),
  ...DEFAULTS,
});

export const H264Settings = H264Fields.superRefine(checkH264);
export type H264Settings = z.infer<typeof H264Settings>;

/** The rules that concern several settings. */
function checkH264(h264: z.infer<typeof H264Fields>, check: z.core.$RefinementCtx): void {
  const report = (key: keyof typeof h264, message: string) =>
    check.addIssue({ code: "custom", path: [key], message });
  const need = (key: keyof typeof h264) => {
    if (h264[key] === undefined) report(key, "is required by the other settings");
  };
  need(h264.rateControlMode === "QVBR" ? "maxBitrate" : "bitrate");
  if (h264.framerateControl === "SPECIFIED") {
    need("framerateNumerator");
    need("framerateDenominator");
  }
  if (h264.parControl === "SPECIFIED") {
    need("parNumerator");
    need("parDenominator");
  }
  if (h264.codecProfile === "BASELINE") {
    if (h264.numberBFramesBetweenReferenceFrames) {
      report("numberBFramesBetweenReferenceFrames", "must be 0 in the baseline profile");
    }
    if (h264.entropyEncoding === "CABAC") {
      report("entropyEncoding", "must be CAVLC in the baseline profile");
    }
  }
  if (h264.gopSizeUnits !== "AUTO" && h264.gopSize === undefined) {
    report("gopSize", "is required by gopSizeUnits");
  }
}

export const FrameCaptureSettings = z.strictObject({
  framerateNumerator: z.int().min(1).default(1),
  framerateDenominator: z.int().min(1).default(1),
  maxCaptures: z.int().min(1).max(10_000_000).default(10_000_000),
  quality: z.int().min(1).max(100).default(80),
});
export type FrameCaptureSettings = z.infer<typeof FrameCaptureSettings>;

// H.264 and JPEG in 4:2:0 need even sizes.
const size = z.int().min(32).max(8192).multipleOf(2).optional();

export const VideoDescription = z.strictObject({
  width: size,
  height: size,
  scalingBehavior: z
    .enum(["DEFAULT", "FIT", "FIT_NO_UPSCALE", "FILL", "STRETCH_TO_OUTPUT"])
    .default("DEFAULT"),
  // MediaConvert ignores DISABLED.
  antiAlias: z.enum(["ENABLED", "DISABLED"]).optional(),
  sharpness: z.literal(50).optional(),
  timecodeInsertion: z.literal("DISABLED").optional(),
  timecodeTrack: z.literal("DISABLED").optional(),
  // No output has a timecode that could drop frame numbers.
  dropFrameTimecode: z.enum(["ENABLED", "DISABLED"]).optional(),
  respondToAfd: z.literal("NONE").optional(),
  afdSignaling: z.literal("NONE").optional(),
  colorMetadata: z.literal("INSERT").optional(),
  videoPreprocessors: z
    .strictObject({
      colorCorrector: z
        .strictObject({
          colorSpaceConversion: z.enum(["NONE", "FORCE_709"]).default("NONE"),
          // What this encoder always does. H.264 outputs have limited range.
          hdrToSdrToneMapper: z.literal("PRESERVE_DETAILS").optional(),
          sampleRangeConversion: z.literal("LIMITED_RANGE_SQUEEZE").optional(),
          brightness: z.literal(50).optional(),
          contrast: z.literal(50).optional(),
          saturation: z.literal(50).optional(),
          hue: z.literal(0).optional(),
        })
        .optional(),
      deinterlacer: z
        .strictObject({
          mode: z.literal("DEINTERLACE").optional(),
          algorithm: z.literal("INTERPOLATE").optional(),
          control: z.enum(["NORMAL", "FORCE_ALL_FRAMES"]).default("NORMAL"),
        })
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
