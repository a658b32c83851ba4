import * as z from "zod";

/** One signed-in browser. Times are ISO 8601 in UTC. */
export const Info = z.object({
  /** Identifies the session in lists. It cannot be used to sign in. */
  id: z.string(),
  /** True for the session of this request. */
  current: z.boolean(),
  /** Where the user signed in. */
  address: z.string(),
  agent: z.string(),
  time: z.object({
    created: z.iso.datetime(),
    seen: z.iso.datetime(),
    expires: z.iso.datetime(),
  }),
});
export type Info = z.infer<typeof Info>;
