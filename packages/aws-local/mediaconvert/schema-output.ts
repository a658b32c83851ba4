/** The output settings of CreateJob that this encoder supports. */
import * as z from "zod";
import { S3_URL } from "./s3-url.ts";
import { AudioDescription } from "./schema-audio.ts";
import { CaptionDescription } from "./schema-captions.ts";
import { CmafGroupSettings, CmfcSettings } from "./schema-cmaf.ts";
import { VideoDescription } from "./schema-video.ts";

// `$` begins a format identifier such as $dt$. None is supported.
const namePart = z
  .string()
  .max(256)
  .regex(/^[^$]*$/, "must not have format identifiers");

export const Output = z.strictObject({
  nameModifier: namePart.regex(/^[^/]*$/, "must not have a slash").optional(),
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
          audioDuration: z.literal("DEFAULT_CODEC_DURATION").optional(),
          cslgAtom: z.enum(["INCLUDE", "EXCLUDE"]).default("EXCLUDE"),
          cttsVersion: z.literal(0).optional(),
          freeSpaceBox: z.literal("EXCLUDE").optional(),
          moovPlacement: z.enum(["PROGRESSIVE_DOWNLOAD", "NORMAL"]).default("NORMAL"),
        })
        .optional(),
    }),
    z.strictObject({ container: z.literal("CMFC"), cmfcSettings: CmfcSettings.optional() }),
    z.strictObject({ container: z.literal("RAW") }),
  ]),
  videoDescription: VideoDescription.optional(),
  audioDescriptions: z.array(AudioDescription).max(100).default([]),
  captionDescriptions: z.array(CaptionDescription).max(100).default([]),
});
export type Output = z.infer<typeof Output>;

const FileGroup = z.strictObject({
  type: z.literal("FILE_GROUP_SETTINGS"),
  fileGroupSettings: z.strictObject({
    destination: z
      .string()
      .regex(S3_URL, "must be s3://bucket/key")
      .regex(/^[^$]*$/, "must not have format identifiers"),
  }),
});
const CmafGroup = z.strictObject({
  type: z.literal("CMAF_GROUP_SETTINGS"),
  cmafGroupSettings: CmafGroupSettings,
});

export const OutputGroup = z.strictObject({
  name: z.string().optional(),
  customName: z.string().optional(),
  outputGroupSettings: z.discriminatedUnion("type", [FileGroup, CmafGroup]),
  outputs: z.array(Output).min(1, "Should have at least 1 items").max(100),
});
export type OutputGroup = z.infer<typeof OutputGroup>;

/** Where the files of a group go: `s3://bucket/key`. */
export function destinationOf({ outputGroupSettings }: OutputGroup): string {
  return outputGroupSettings.type === "FILE_GROUP_SETTINGS"
    ? outputGroupSettings.fileGroupSettings.destination
    : outputGroupSettings.cmafGroupSettings.destination;
}
