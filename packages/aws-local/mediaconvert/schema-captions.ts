/** The settings of captions that this encoder supports. */
import * as z from "zod";
import { LanguageSettings } from "./schema-audio.ts";

const TrackSourceSettings = z
  .strictObject({
    /** Counts the tracks of captions, from 1. */
    trackNumber: z.int().min(1).optional(),
    /** Counts all tracks, from 1. */
    streamNumber: z.int().min(1).optional(),
  })
  .refine(
    ({ trackNumber, streamNumber }) => (trackNumber === undefined) !== (streamNumber === undefined),
    "must have either trackNumber or streamNumber",
  );

/** Captions in the container of an MP4 or QuickTime file. */
export const CaptionSelector = z.strictObject({
  sourceSettings: z.strictObject({
    sourceType: z.literal("TT_3GPP"),
    trackSourceSettings: TrackSourceSettings,
  }),
});
export type CaptionSelector = z.infer<typeof CaptionSelector>;

export const CaptionDescription = z.strictObject({
  captionSelectorName: z.string(),
  source: z.literal("INPUT_CAPTION_SELECTOR").optional(),
  ...LanguageSettings,
  /** The name that a player shows. */
  languageDescription: z
    .string()
    .regex(/^[^"\r\n]*$/, "must be one line without quotation marks")
    .optional(),
  destinationSettings: z.strictObject({
    destinationType: z.literal("WEBVTT"),
    webvttDestinationSettings: z
      .strictObject({
        accessibility: z.enum(["DISABLED", "ENABLED"]).default("DISABLED"),
        stylePassthrough: z.literal("DISABLED").optional(),
      })
      .optional(),
  }),
});
export type CaptionDescription = z.infer<typeof CaptionDescription>;
