import type { Job } from "@aws-sdk/client-mediaconvert";
import * as z from "zod";
import { JobId } from "../id.ts";
import { WARNING_CODE } from "./code.ts";

/** What the encoder has to say about one attempt, whether it told us or we asked. */
export type News = { jobId: JobId; attempt: number; encoderJobId: string } & (
  | Progress
  | { type: "waiting"; for: "disk" }
  | { type: "complete" }
  | { type: "error"; code: number; message: string }
  | { type: "canceled" }
  | { type: "warning"; codes: number[] }
);

interface Progress {
  type: "progress";
  percent: number;
  /** Present for a sign of work, where it is not just that the job has begun. */
  moves?: true;
}

const Metadata = z.object({
  jobId: JobId,
  attempt: z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number),
});

const Detail = z.object({
  jobId: z.string(),
  status: z.string(),
  userMetadata: z.unknown(),
  jobProgress: z.object({ jobPercentComplete: z.number() }).optional(),
  errorCode: z.number().int().default(1999),
  errorMessage: z.string().default(""),
  /** Six digits, as text. */
  warningCode: z.coerce.number().int().optional().catch(undefined),
});

/**
 * Reads the detail of a "MediaConvert Job State Change". Undefined when it is about somebody else's
 * job, or says nothing that moves one of ours. Throws on a detail that is none.
 */
export function parse(detail: unknown): News | undefined {
  const { jobId: encoderJobId, status, ...rest } = Detail.parse(detail);
  const metadata = Metadata.safeParse(rest.userMetadata);
  if (!metadata.success) return undefined;
  const about = { ...metadata.data, encoderJobId };
  switch (status) {
    case "PROGRESSING":
      return { ...about, type: "progress", percent: 0 };
    case "STATUS_UPDATE":
      return {
        ...about,
        ...{ type: "progress", moves: true },
        percent: rest.jobProgress?.jobPercentComplete ?? 0,
      };
    case "COMPLETE":
      return { ...about, type: "complete" };
    case "ERROR":
      return { ...about, type: "error", code: rest.errorCode, message: rest.errorMessage };
    case "CANCELED":
      return { ...about, type: "canceled" };
    case "NEW_WARNING": {
      const { warningCode } = rest;
      if (warningCode === WARNING_CODE.diskFull) return { ...about, type: "waiting", for: "disk" };
      return warningCode === undefined
        ? undefined
        : { ...about, type: "warning", codes: [warningCode] };
    }
    default:
      return undefined;
  }
}

/** The warnings in GetJob's answer; undefined while there is none. */
export function warningsOf(job: Job): News | undefined {
  const metadata = Metadata.safeParse(job.UserMetadata);
  const codes = (job.Warnings ?? []).flatMap(({ Code }) => (Code === undefined ? [] : [Code]));
  if (!metadata.success || !job.Id || codes.length === 0) return undefined;
  return { ...metadata.data, encoderJobId: job.Id, type: "warning", codes };
}

/** The same news out of GetJob's answer; undefined while the job waits in its queue. */
export function ofJob(job: Job): News | undefined {
  const metadata = Metadata.safeParse(job.UserMetadata);
  if (!metadata.success || !job.Id) return undefined;
  const about = { ...metadata.data, encoderJobId: job.Id };
  switch (job.Status) {
    case "PROGRESSING":
      return { ...about, type: "progress", percent: job.JobPercentComplete ?? 0 };
    case "COMPLETE":
      return { ...about, type: "complete" };
    case "ERROR":
      return {
        ...about,
        type: "error",
        code: job.ErrorCode ?? 1999,
        message: job.ErrorMessage ?? "",
      };
    case "CANCELED":
      return { ...about, type: "canceled" };
    default:
      return undefined;
  }
}
