import type { Row as Job } from "../job/row.ts";
import type { Info } from "./schema.ts";

/** The chapters of a job's source that start before its end. Undefined if there are none. */
export function playingChapters({
  chapters = [],
  source,
}: Pick<Job, "chapters" | "source">): Info["chapters"] {
  const end = source.media?.durationSeconds || Number.POSITIVE_INFINITY;
  const inside = chapters.filter(({ startMs }) => startMs < end * 1000);
  return inside.length > 0 ? inside : undefined;
}
