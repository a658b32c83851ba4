/** The settings of CMAF groups that this encoder supports. */
import * as z from "zod";
import { S3_URL } from "./s3-url.ts";
import { CmafImageSettings } from "./schema-images.ts";

/**
 * An HLS playlist with segments in separate files. Settings whose default on AWS means something else, such
 * as `writeDashManifest`, are required.
 */
export const CmafGroupSettings = z
  .strictObject({
    destination: z
      .string()
      .regex(S3_URL, "must be s3://bucket/key")
      .regex(/^[^$]*[^$/]$/, "must end with a name and have no format identifiers"),
    writeHlsManifest: z.literal("ENABLED").optional(),
    writeDashManifest: z.literal("DISABLED"),
    segmentControl: z.literal("SEGMENTED_FILES"),
    segmentLength: z.int().min(1).max(60),
    segmentLengthControl: z.literal("EXACT").optional(),
    fragmentLength: z.int().min(1).max(60),
    codecSpecification: z.literal("RFC_6381"),
    manifestDurationFormat: z.literal("FLOATING_POINT").optional(),
    manifestCompression: z.literal("NONE").optional(),
    streamInfResolution: z.literal("INCLUDE").optional(),
    videoCompositionOffsets: z.literal("SIGNED"),
    imageBasedTrickPlay: z.enum(["NONE", "ADVANCED"]).default("NONE"),
    imageBasedTrickPlaySettings: CmafImageSettings.optional(),
  })
  .refine(
    (group) =>
      (group.imageBasedTrickPlay === "ADVANCED") ===
      (group.imageBasedTrickPlaySettings !== undefined),
    { path: ["imageBasedTrickPlaySettings"], message: "belongs to ADVANCED" },
  )
  .refine((group) => group.fragmentLength === group.segmentLength, {
    path: ["fragmentLength"],
    message: "must be the segment length",
  });
export type CmafGroupSettings = z.infer<typeof CmafGroupSettings>;

/** The place of an audio output in its group. */
export const CmfcSettings = z.strictObject({
  audioGroupId: z
    .string()
    .min(1)
    .regex(/^[\w-]+$/, "must be letters, digits, _ and -")
    .optional(),
  audioTrackType: z
    .enum([
      "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
      "ALTERNATE_AUDIO_AUTO_SELECT",
      "ALTERNATE_AUDIO_NOT_AUTO_SELECT",
      "AUDIO_ONLY_VARIANT_STREAM",
    ])
    .optional(),
});
export type CmfcSettings = z.infer<typeof CmfcSettings>;
