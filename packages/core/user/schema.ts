import * as z from "zod";
import { ROLES } from "../actor.ts";

/** An account: one subject of one issuer. Two subjects with one email address are two users. */
export const Info = z.object({
  /** `own_…`, derived from issuer and subject, or "local" for the local user. */
  id: z.string(),
  email: z.email(),
  name: z.string().max(200).optional(),
  /** According to the provider's groups or the settings at the last sign-in. */
  role: z.enum(ROLES),
  issuer: z.string(),
  subject: z.string(),
  /** Disabled by an admin: this user's sessions and tokens are rejected. */
  disabled: z.boolean(),
  time: z.object({ created: z.iso.datetime(), seen: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;
