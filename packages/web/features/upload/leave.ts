import type { knownJob } from "../jobs/known-jobs.ts";
import type { UploadFile } from "./upload-file.ts";

/** Long enough to read a row and to open its video. */
const STAYS_MS = 10_000;

type JobOf = (id: string) => ReturnType<typeof knownJob>;

/** True if a row has nothing more to say: its file is uploaded, and its video was accepted. Failures stay. */
function isSettled(file: UploadFile, jobOf: JobOf): boolean {
  if (file.status !== "done" || !file.jobId) return false;
  const job = jobOf(file.jobId);
  if (!job || job === "deleted") return job === "deleted";
  return job.status !== "received" && job.status !== "rejected" && job.status !== "error";
}

/**
 * Returns a function that receives the files that a person can see at a time, and returns the keys of those that have
 * been settled for ten seconds.
 */
export function createLeaving(
  jobOf: JobOf,
): (files: readonly UploadFile[], nowMs: number) => string[] {
  let since = new Map<string, number>();
  return (files, nowMs) => {
    const settled = files.filter((file) => isSettled(file, jobOf));
    since = new Map(settled.map(({ key }) => [key, since.get(key) ?? nowMs]));
    return [...since].flatMap(([key, fromMs]) => (nowMs - fromMs >= STAYS_MS ? [key] : []));
  };
}
