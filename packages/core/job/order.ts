import { EVENT_TYPES } from "./event-type.ts";
import type { Event } from "./schema.ts";

/** An attempt after the first begins with its retry. */
const rank = ({ type }: Event) => (type === "job.retried" ? -1 : EVENT_TYPES.indexOf(type));
const label = (event: Event) => String(event.detail?.label ?? "");

/**
 * The order of a timeline. Steps of one millisecond sort in the order in which they can happen, and renditions stored
 * together sort by label: never by id, which ends with random characters.
 */
export function compareEvents(a: Event, b: Event): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.attempt !== b.attempt) return a.attempt - b.attempt;
  if (a.type !== b.type) return rank(a) - rank(b);
  if (label(a) === label(b)) return 0;
  return label(a) < label(b) ? -1 : 1;
}
