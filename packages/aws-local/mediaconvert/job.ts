import { randomInt } from "node:crypto";
import type { Phase } from "./events.ts";
import type { CreateJob } from "./schema.ts";

export const JOB_STATUSES = ["SUBMITTED", "PROGRESSING", "COMPLETE", "CANCELED", "ERROR"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export interface OutputGroupDetail {
  type: "FILE_GROUP";
  outputDetails: {
    outputFilePaths: string[];
    durationInMs: number;
    videoDetails?: { widthInPx: number; heightInPx: number };
  }[];
}

/** One job as it is kept. Times are milliseconds since 1970. */
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
  /** How many starts of this job did not come to an end; rows of earlier versions have none. */
  starts?: number;
  error?: { code: number; message: string };
  /** What a person may want to know that is no error. */
  info: string[];
  /** Codes of warnings, as GetJob lists them. */
  warnings?: { code: number; count: number }[];
  outputGroupDetails?: OutputGroupDetail[];
}

/** A job's id as AWS forms it: milliseconds and six characters, so ids sort by time. */
export function newJobId(now = Date.now()): string {
  let tail = "";
  for (let i = 0; i < 6; i++) tail += randomInt(36).toString(36);
  return `${now}-${tail}`;
}

export function isFinished(job: Pick<JobRecord, "status">): boolean {
  return job.status === "COMPLETE" || job.status === "CANCELED" || job.status === "ERROR";
}

/** The job as GetJob, ListJobs and SearchJobs answer it; times in epoch seconds. */
export function serialize(job: JobRecord): Record<string, unknown> {
  const { time } = job;
  return {
    accelerationSettings: { mode: "DISABLED" },
    accelerationStatus: "NOT_APPLICABLE",
    arn: job.arn,
    billingTagsSource: "JOB",
    ...(job.clientRequestToken && { clientRequestToken: job.clientRequestToken }),
    createdAt: time.submitted / 1000,
    ...(job.status === "PROGRESSING" && { currentPhase: job.phase ?? "PROBING" }),
    ...(job.error && { errorCode: job.error.code, errorMessage: job.error.message }),
    id: job.id,
    jobPercentComplete: job.percent,
    messages: { info: job.info, warning: [] },
    ...(job.outputGroupDetails && { outputGroupDetails: job.outputGroupDetails }),
    priority: 0,
    queue: job.queue,
    retryCount: 0,
    role: job.role,
    settings: job.settings,
    status: job.status,
    statusUpdateInterval: job.statusUpdateInterval,
    timing: {
      submitTime: time.submitted / 1000,
      ...(time.started !== undefined && { startTime: time.started / 1000 }),
      ...(time.finished !== undefined && { finishTime: time.finished / 1000 }),
    },
    userMetadata: job.userMetadata,
    warnings: job.warnings ?? [],
  };
}
