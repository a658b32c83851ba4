import * as z from "zod";
import { LABELS } from "../rendition/schema.ts";

/** Short-lived URLs of everything that a player needs. */
export const Info = z.object({
  /** When the URLs of the renditions expire. */
  expires: z.iso.datetime(),
  /** The same, counted from this response, for clients with a wrong clock. */
  expiresInSeconds: z.number().int().nonnegative(),
  posterUrl: z.url().optional(),
  /** Does not play: downloads the source under its original name. */
  sourceDownloadUrl: z.url().optional(),
  renditions: z.array(
    z.object({
      label: z.enum(LABELS),
      kind: z.literal("mp4"),
      url: z.url(),
      /** The same file with `Content-Disposition: attachment` and the original name. */
      downloadUrl: z.url(),
      width: z.number().int().optional(),
      height: z.number().int().optional(),
    }),
  ),
});
export type Info = z.infer<typeof Info>;
