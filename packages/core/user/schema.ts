import * as z from "zod";
import { ROLES } from "../actor.ts";

/** An account: one subject of one issuer. Two subjects with one mail address are two users. */
export const Info = z.object({
  /** `own_…`, made of issuer and subject, or "local" for the one user of a machine without sign-in. */
  id: z.string(),
  email: z.email(),
  name: z.string().max(200).optional(),
  /** As the provider's groups or the settings said at the last sign-in. */
  role: z.enum(ROLES),
  issuer: z.string(),
  subject: z.string(),
  /** Switched off by an admin: no session and no token of this user is taken any more. */
  disabled: z.boolean(),
  time: z.object({ created: z.iso.datetime(), seen: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;
