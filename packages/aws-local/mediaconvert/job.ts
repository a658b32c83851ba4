import { randomInt } from "node:crypto";
import type { CreateJob } from "./schema.ts";

export const PHASES = ["PROBING", "TRANSCODING", "UPLOADING"] as const;
export type Phase = (typeof PHASES)[number];

export const JOB_STATUSES = ["SUBMITTED", "PROGRESSING", "COMPLETE", "CANCELED", "ERROR"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

interface OutputDetail {
  durationInMs: number;
  videoDetails?: { widthInPx: number; heightInPx: number };
}

export type OutputGroupDetail =
  | { type: "FILE_GROUP"; outputDetails: (OutputDetail & { outputFilePaths: string[] })[] }
  | { type: "CMAF_GROUP"; outputDetails: OutputDetail[]; playlistFilePaths: string[] };

/** A stored job. Times are milliseconds since 1970. */
export interface JobRecord {
  id: string;
  arn: string;
  queue: string;
  role: string;
  status: JobStatus;
  settings: CreateJob["settings"];
  userMetadata: Record<string, string>;
  clientRequestToken?: string;
  statusUpdateInterval: string;
  phase?: Phase;
  percent: number;
  time: { submitted: number; started?: number; finished?: number };
  /** How often the process crashed during this job, plus the running start. Rows of earlier versions lack it. */
  starts?: number;
  error?: { code: number; message: string };
  /** Information for a person that is not an error. */
  info: string[];
  /** Codes of warnings, as GetJob lists them. */
  warnings?: { code: number; count: number }[];
  outputGroupDetails?: OutputGroupDetail[];
}

/** A job id in AWS's format: milliseconds and six characters, so ids sort by time. */
export function newJobId(now = Date.now()): string {
  let tail = "";
  for (let i = 0; i < 6; i++) tail += randomInt(36).toString(36);
  return `${now}-${tail}`;
}

export function isFinished(job: Pick<JobRecord, "status">): boolean {
  return job.status === "COMPLETE" || job.status === "CANCELED" || job.status === "ERROR";
}

/** The job in the responses of GetJob, ListJobs and SearchJobs, with times in epoch seconds. */
export function serialize(job: JobRecord): Record<string, unknown> {
  const { time } = job;
  return {
    accelerationSettings: { mode: "DISABLED" },
    accelerationStatus: "NOT_APPLICABLE",
    arn: job.arn,
    billingTagsSource: "JOB",
    clientRequestToken: job.clientRequestToken,
    createdAt: time.submitted / 1000,
    currentPhase: job.status === "PROGRESSING" ? (job.phase ?? "PROBING") : undefined,
    errorCode: job.error?.code,
    errorMessage: job.error?.message,
    id: job.id,
    jobPercentComplete: job.percent,
    messages: { info: job.info, warning: [] },
    outputGroupDetails: job.outputGroupDetails,
    priority: 0,
    queue: job.queue,
    retryCount: 0,
    role: job.role,
    settings: job.settings,
    status: job.status,
    statusUpdateInterval: job.statusUpdateInterval,
    timing: {
      submitTime: time.submitted / 1000,
      startTime: time.started && time.started / 1000,
      finishTime: time.finished && time.finished / 1000,
    },
    userMetadata: job.userMetadata,
    warnings: job.warnings ?? [],
  };
}
