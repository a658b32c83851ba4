import * as z from "zod";
import { LABELS } from "../rendition/schema.ts";

/** Short-lived addresses of everything that a player needs. */
export const Info = z.object({
  /** When the addresses of the renditions end. */
  expires: z.iso.datetime(),
  /** The same from this answer on, for whoever's clock is not ours. */
  expiresInSeconds: z.number().int().nonnegative(),
  posterUrl: z.url().optional(),
  /** Plays nothing: downloads the source under its original name. */
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
