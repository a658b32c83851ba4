import type { Row as Job } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import { playUrl } from "../storage.ts";
import type { Info } from "./schema.ts";

/**
 * The source, which plays while it is encoded. Undefined if the job has ended, if another tool has replaced the
 * source, or if browsers do not play such files.
 */
export async function playingSource(
  job: Pick<Job, "status" | "source">,
  { now, ends }: { now: number; ends: Date },
): Promise<Info["source"]> {
  const { bucket, key, media, replaced } = job.source;
  if (!media?.mediaType || replaced || isTerminal(job.status)) return undefined;
  const { mediaType } = media;
  return { url: await playUrl({ bucket, key, mediaType, now, ends }), type: mediaType };
}
