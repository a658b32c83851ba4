import * as z from "zod";
import { AuditId } from "../id.ts";

/** Every action in the audit log, as pages and filters name it. */
export const ACTIONS = [
  "signin",
  "signin.refused",
  "signout",
  "session.revoked",
  "session.stolen",
  "user.disabled",
  "user.enabled",
  "mail.freed",
  "token.created",
  "token.revoked",
  "key.created",
  "key.revoked",
  "share.created",
  "share.revoked",
  "upload.created",
  "upload.removed",
  "videos.listed",
  "job.opened",
  "job.renamed",
  "job.tagged",
  "job.retried",
  "job.canceled",
  "job.deleted",
  "captions.added",
  "captions.changed",
  "captions.removed",
  "poster.chosen",
  "poster.reset",
  "queue.redriven",
  "deployment.recorded",
  "storage.damaged",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Who did what, and when. */
export const Info = z.object({
  id: AuditId,
  time: z.iso.datetime(),
  action: z.enum(ACTIONS),
  /** Absent if nobody was signed in. */
  ownerId: z.string().optional(),
  email: z.string().optional(),
  via: z.enum(["local", "session", "token"]).optional(),
  /** The id of the session or token. */
  credentialId: z.string().optional(),
  /** The id of the object of the action. */
  target: z.string().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  address: z.string().optional(),
});
export type Info = z.infer<typeof Info>;
