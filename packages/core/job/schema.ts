import * as z from "zod";
import { EventId, JobId, UploadId } from "../id.ts";
import { LABELS } from "../rendition/schema.ts";
import { Source } from "../source/schema.ts";
import { Warning } from "../source/warning.ts";
import { EVENT_TYPES } from "./event-type.ts";
import { Failure } from "./failure.ts";
import { STATUSES } from "./status.ts";

/** One job as the API shows it. Times are ISO 8601 in UTC. */
export const Info = z.object({
  id: JobId,
  ownerId: z.string(),
  /** The title of the video. It is the file's name until you rename it. */
  title: z.string().min(1).max(200),
  fileName: z.string().min(1),
  /** Absent if it has never had any. */
  tags: z.array(z.string()).optional(),
  uploadId: UploadId.optional(),
  source: Source,
  attempt: z.number().int().min(1),
  /** True for an attempt that Rushes started itself, after a machine fault ended the previous one. */
  automatic: z.boolean().optional(),
  status: z.enum(STATUSES),
  progressPercent: z.number().int().min(0).max(100),
  encoderJobId: z.string().optional(),
  /** The resource that the encoder waits for. It continues by itself. */
  waiting: z.enum(["disk"]).optional(),
  failure: Failure.optional(),
  /** Problems of an attempt that continues or is complete. */
  warnings: z.array(Warning).optional(),
  /** What is made of the source. Jobs of earlier versions have the profile `original`. */
  profile: z.string().default("original"),
  /** Labels of the renditions that this attempt makes. Absent before it is submitted. */
  expected: z.array(z.enum(LABELS)).optional(),
  /** Labels of the renditions that this attempt has stored. */
  landed: z.array(z.string()),
  posterKey: z.string().optional(),
  /** The picture that a person chose as the poster. It belongs to no attempt. */
  chosenPoster: z.object({ key: z.string(), sizeBytes: z.number().int().positive() }).optional(),
  /** The attempt that plays until the current one is complete. */
  earlier: z
    .object({
      attempt: z.number().int().min(1),
      landed: z.array(z.string()),
      posterKey: z.string().optional(),
    })
    .optional(),
  time: z.object({
    created: z.iso.datetime(),
    updated: z.iso.datetime(),
    submitted: z.iso.datetime().optional(),
    started: z.iso.datetime().optional(),
    ended: z.iso.datetime().optional(),
  }),
});
export type Info = z.infer<typeof Info>;

/** A job in a list, with a short-lived signed URL of its poster if it has one. */
export const Listed = Info.extend({
  posterUrl: z.url().optional(),
  failureMessage: z.string().optional(),
  /** The sentences of its warnings. */
  warningMessages: z.array(z.string()).optional(),
});
export type Listed = z.infer<typeof Listed>;

export { EVENT_TYPES };

/** One step of a job's timeline, from the first byte to the delivery of its mail. */
export const Event = z.object({
  id: EventId,
  type: z.enum(EVENT_TYPES),
  attempt: z.number().int().min(1),
  time: z.iso.datetime(),
  /** What the sentence of this step needs, for example `{ label: "720p" }`. */
  detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Event = z.infer<typeof Event>;

/** One result of `changedSince`. */
export const Change = z.discriminatedUnion("type", [
  z.object({ type: z.literal("job"), job: Listed }),
  z.object({ type: z.literal("deleted"), id: JobId, time: z.iso.datetime() }),
]);
export type Change = z.infer<typeof Change>;
