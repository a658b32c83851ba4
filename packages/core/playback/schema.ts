import * as z from "zod";
import { LABELS } from "../rendition/schema.ts";
import { Chapter } from "../source/schema.ts";

/** Short-lived URLs of everything that a player needs. */
export const Info = z.object({
  /** When the URLs of the renditions expire. */
  expires: z.iso.datetime(),
  /** The same, counted from this response, for clients with a wrong clock. */
  expiresInSeconds: z.number().int().nonnegative(),
  /**
   * False while the video is being encoded. Once it is true, load the multivariant playlist again: only then does it
   * name captions and preview pictures, and state the measured bit rates.
   */
  complete: z.boolean(),
  posterUrl: z.url().optional(),
  /** Does not play: downloads the source under its original name. */
  sourceDownloadUrl: z.url().optional(),
  /**
   * The adaptive stream. Send the query of `url` with the requests of every file below its folder: one signature is
   * valid for all of them.
   */
  hls: z.object({ url: z.url(), expires: z.iso.datetime() }).optional(),
  /** The source itself, as long as it can play while its job is not complete. */
  source: z
    .object({
      url: z.url(),
      /** A media type with RFC 6381 codecs, for `canPlayType`. */
      type: z.string(),
    })
    .optional(),
  /** Captions files of the video, as WebVTT. */
  captions: z
    .array(
      z.object({
        id: z.string(),
        /** RFC 5646, such as `en`. */
        language: z.string(),
        name: z.string(),
        url: z.url(),
      }),
    )
    .optional(),
  /** The chapters of the source, in order. Absent if it has none. */
  chapters: z.array(Chapter).optional(),
  renditions: z.array(
    z.object({
      label: z.enum(LABELS),
      kind: z.enum(["mp4", "audio"]),
      url: z.url(),
      /** The same file with `Content-Disposition: attachment` and the original name. */
      downloadUrl: z.url(),
      width: z.number().int().optional(),
      height: z.number().int().optional(),
    }),
  ),
});
export type Info = z.infer<typeof Info>;
