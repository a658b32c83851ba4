/** The input settings of CreateJob that this encoder supports. */
import * as z from "zod";
import { S3_URL } from "./s3-url.ts";
import { AudioSelector } from "./schema-audio.ts";
import { CaptionSelector } from "./schema-captions.ts";

// Timecodes number the frames for clips and captions, and no output shows them.
export const timecodeSource = z.enum(["ZEROBASED", "EMBEDDED", "SPECIFIEDSTART"]).optional();
export const timecodeStart = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;]\d\d$/, "must be HH:MM:SS:FF")
  .optional();

export const Input = z.strictObject({
  fileInput: z.string().regex(S3_URL, "must be s3://bucket/key"),
  timecodeSource,
  timecodeStart,
  inputScanType: z.literal("AUTO").optional(),
  // AUTO filters only where MediaConvert finds a need, and no filter is translated.
  filterEnable: z.enum(["AUTO", "DISABLE"]).optional(),
  filterStrength: z.literal(0).optional(),
  deblockFilter: z.literal("DISABLED").optional(),
  denoiseFilter: z.literal("DISABLED").optional(),
  advancedInputFilter: z.literal("DISABLED").optional(),
  // ffmpeg reads a transport stream's tables, and finds streams that they lack.
  psiControl: z.enum(["IGNORE_PSI", "USE_PSI"]).optional(),
  videoSelector: z
    .strictObject({
      rotate: z
        .enum(["AUTO", "DEGREE_0", "DEGREES_90", "DEGREES_180", "DEGREES_270"])
        .default("DEGREE_0"),
      colorSpace: z.literal("FOLLOW").optional(),
      // Only of interest with a colorSpace to use.
      colorSpaceUsage: z.enum(["FALLBACK", "FORCE"]).optional(),
      sampleRange: z.literal("FOLLOW").optional(),
      alphaBehavior: z.literal("DISCARD").optional(),
      embeddedTimecodeOverride: z.literal("NONE").optional(),
      padVideo: z.literal("DISABLED").optional(),
    })
    .default({ rotate: "DEGREE_0" }),
  audioSelectors: z.record(z.string(), AudioSelector).default({}),
  captionSelectors: z.record(z.string(), CaptionSelector).default({}),
});
export type Input = z.infer<typeof Input>;
