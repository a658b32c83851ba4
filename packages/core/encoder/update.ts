import type { Job } from "@aws-sdk/client-mediaconvert";
import * as z from "zod";
import { JobId } from "../id.ts";
import { ENCODER_CODE, WARNING_CODE } from "./code.ts";

interface About {
  jobId: JobId;
  attempt: number;
  encoderJobId: string;
}

/** What the encoder reports about one attempt, in an event or in a response. */
export type EncoderUpdate = About &
  (
    | Progress
    | { type: "waiting"; for: "disk" }
    | { type: "complete"; outputs: readonly EncoderOutput[] }
    | { type: "error"; code: number; message: string }
    | { type: "canceled" }
    | { type: "warning"; codes: number[] }
  );

/** What the encoder reports about a file that it wrote. */
export interface EncoderOutput {
  /** `s3://bucket/key`, with the key unencoded. */
  url: string;
  durationSeconds?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

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

/** One output of a COMPLETE event. An output with several files names its last one. */
const OutputDetail = z.object({
  outputFilePaths: z.array(z.string()).default([]),
  durationInMs: z.number().optional(),
  videoDetails: z.object({ widthInPx: z.number(), heightInPx: z.number() }).partial().optional(),
});
const OutputGroupDetails = z.array(z.object({ outputDetails: z.array(OutputDetail).default([]) }));

const Detail = z.object({
  jobId: z.string(),
  status: z.string(),
  userMetadata: z.unknown(),
  jobProgress: z.object({ jobPercentComplete: z.number() }).optional(),
  errorCode: z.number().int().default(ENCODER_CODE.unknown),
  errorMessage: z.string().default(""),
  outputGroupDetails: OutputGroupDetails.default([]),
  /** Six digits, as text. */
  warningCode: z.coerce.number().int().optional().catch(undefined),
});

/**
 * Parses the detail of a "MediaConvert Job State Change". Undefined if Rushes did not create the job, or
 * if the event changes nothing. Throws on any other detail.
 */
export function parseUpdate(detail: unknown): EncoderUpdate | undefined {
  const event = Detail.parse(detail);
  const metadata = Metadata.safeParse(event.userMetadata);
  if (!metadata.success) return undefined;
  const about = { ...metadata.data, encoderJobId: event.jobId };
  switch (event.status) {
    case "STATUS_UPDATE": {
      const percent = event.jobProgress?.jobPercentComplete ?? 0;
      return { ...about, type: "progress", moves: true, percent };
    }
    case "NEW_WARNING": {
      const { warningCode: code } = event;
      if (code === WARNING_CODE.diskFull) return { ...about, type: "waiting", for: "disk" };
      return code === undefined ? undefined : { ...about, type: "warning", codes: [code] };
    }
    default:
      return ofStatus(about, event.status, {
        ...event,
        percent: 0,
        outputs: event.outputGroupDetails.flatMap((group) => group.outputDetails.flatMap(outputOf)),
      });
  }
}

function outputOf(detail: z.infer<typeof OutputDetail>): EncoderOutput[] {
  const url = detail.outputFilePaths.at(-1);
  if (url === undefined) return [];
  const { durationInMs, videoDetails } = detail;
  return [
    {
      url,
      durationSeconds: durationInMs === undefined ? undefined : durationInMs / 1000,
      width: videoDetails?.widthInPx,
      height: videoDetails?.heightInPx,
    },
  ];
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
  return ofStatus({ ...metadata.data, encoderJobId: job.Id }, job.Status, {
    percent: job.JobPercentComplete ?? 0,
    errorCode: job.ErrorCode ?? ENCODER_CODE.unknown,
    errorMessage: job.ErrorMessage ?? "",
    // Only the event has the paths of the files.
    outputs: [],
  });
}

/** The update for a status that events and GetJob share. */
function ofStatus(
  about: About,
  status: string | undefined,
  job: {
    percent: number;
    errorCode: number;
    errorMessage: string;
    outputs: readonly EncoderOutput[];
  },
): EncoderUpdate | undefined {
  switch (status) {
    case "PROGRESSING":
      return { ...about, type: "progress", percent: job.percent };
    case "COMPLETE":
      return { ...about, type: "complete", outputs: job.outputs };
    case "ERROR":
      return { ...about, type: "error", code: job.errorCode, message: job.errorMessage };
    case "CANCELED":
      return { ...about, type: "canceled" };
    default:
      return undefined;
  }
}
