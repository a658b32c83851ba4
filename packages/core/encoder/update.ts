import type { Job } from "@aws-sdk/client-mediaconvert";
import * as z from "zod";
import { JobId } from "../id.ts";
import { WARNING_CODE } from "./code.ts";

/** What the encoder reports about one attempt, in an event or in a response. */
export type EncoderUpdate = { jobId: JobId; attempt: number; encoderJobId: string } & (
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
  /** Present if the encoder reports progress, and not just that the job has begun. */
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
 * Parses the detail of a "MediaConvert Job State Change". Undefined if Rushes did not create the job, or
 * if the event changes nothing. Throws on any other detail.
 */
export function parseUpdate(detail: unknown): EncoderUpdate | undefined {
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
        type: "progress",
        moves: true,
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

/** The warnings in a response of GetJob. Undefined if there are none. */
export function warningsOf(job: Job): EncoderUpdate | undefined {
  const metadata = Metadata.safeParse(job.UserMetadata);
  const codes = (job.Warnings ?? []).flatMap(({ Code }) => (Code === undefined ? [] : [Code]));
  if (!metadata.success || !job.Id || codes.length === 0) return undefined;
  return { ...metadata.data, encoderJobId: job.Id, type: "warning", codes };
}

/** The update in a response of GetJob. Undefined while the job waits in its queue. */
export function updateOf(job: Job): EncoderUpdate | undefined {
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
