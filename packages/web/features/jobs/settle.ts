import type { Event, Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";

const MOVING_MS = 1_000;
const SETTLING_MS = 2_000;
/** The mail and the last renditions follow the end within seconds. Later changes appear on the next visit. */
const SETTLING_FOR_MS = 2 * 60_000;

/** After these events a mail is settled, although a complaint may come days later. */
const SETTLED: ReadonlySet<Event["type"]> = new Set([
  "mail.failed",
  "mail.withheld",
  "mail.delivered",
  "mail.bounced",
  "mail.rejected",
]);

type PageState = {
  /** The user has paused live updates. */
  paused: boolean;
  /** This page is deleting the job. */
  leaving: boolean;
  /** The last response was that the job does not exist. */
  gone: boolean;
};
type Details = { job: Pick<Listed, "status" | "attempt" | "time">; events: readonly Event[] };

/**
 * How long until a job should be fetched again. `false` if nothing more will change. After its end a job
 * settles: its mail is still being sent, and events may arrive out of order.
 */
export function settlePollMs(details: Details | undefined, nowMs: number): number | false {
  if (!details) return false;
  const { job, events } = details;
  if (!isTerminal(job.status)) return MOVING_MS;
  const mailed = events.some(({ attempt, type }) => attempt === job.attempt && SETTLED.has(type));
  if (mailed) return false;
  const endedMs = Date.parse(job.time.ended ?? job.time.updated);
  return nowMs - endedMs < SETTLING_FOR_MS ? SETTLING_MS : false;
}

/** The same for a page that may have a reason not to fetch. */
export function pollMs(
  details: Details | undefined,
  { paused, leaving, gone }: PageState,
  nowMs: number,
): number | false {
  return paused || leaving || gone ? false : settlePollMs(details, nowMs);
}
