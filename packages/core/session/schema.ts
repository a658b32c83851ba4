import * as z from "zod";

/** One browser in which somebody is signed in. Times are ISO 8601 in UTC. */
export const Info = z.object({
  /** Names the session in lists; signs nobody in. */
  id: z.string(),
  /** True for the session that is asking. */
  current: z.boolean(),
  /** Where it was begun. */
  address: z.string(),
  agent: z.string(),
  time: z.object({
    created: z.iso.datetime(),
    seen: z.iso.datetime(),
    expires: z.iso.datetime(),
  }),
});
export type Info = z.infer<typeof Info>;
