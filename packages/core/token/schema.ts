import * as z from "zod";
import { SCOPES } from "../actor.ts";
import { TokenId } from "../id.ts";

/** The input for a new token. */
export const New = z.object({
  /** What it is for, in its owner's words. */
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  /** Days until it expires. */
  expiresInDays: z.number().int().min(1).max(365),
});
export type New = z.infer<typeof New>;

/** An API token as lists show it, without its secret. */
export const Info = z.object({
  id: TokenId,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** The first characters of the secret, to distinguish it from others. */
  start: z.string(),
  time: z.object({
    created: z.iso.datetime(),
    expires: z.iso.datetime(),
    /** To the minute. Absent if it was never used. */
    used: z.iso.datetime().optional(),
  }),
});
export type Info = z.infer<typeof Info>;
