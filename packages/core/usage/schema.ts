import * as z from "zod";

/** What an owner uses, and the quota. */
export const Info = z.object({
  openUploads: z.number().int(),
  /** Of sources: stored ones and open uploads. */
  bytes: z.number().int(),
  /** The part of `bytes` that open uploads reserve. It may not have arrived yet. */
  reservedBytes: z.number().int().nonnegative(),
  maxOpenUploads: z.number().int().positive(),
  /** 0 for no limit. */
  maxBytes: z.number().int().nonnegative(),
});
export type Info = z.infer<typeof Info>;
