import * as z from "zod";

/** What an owner takes up, and how much that may be. */
export const Info = z.object({
  openUploads: z.number().int(),
  /** Of sources: those that are kept and those on their way. */
  bytes: z.number().int(),
  /** The part of `bytes` that uploads on their way reserve: it may not have arrived yet. */
  reservedBytes: z.number().int().nonnegative(),
  maxOpenUploads: z.number().int().positive(),
  /** 0 for no limit. */
  maxBytes: z.number().int().nonnegative(),
});
export type Info = z.infer<typeof Info>;
