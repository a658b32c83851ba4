/** The status of a job. The browser, the API, the table and the handlers share this list. */
export const STATUSES = [
  "received",
  "submitted",
  "progressing",
  "checking",
  "complete",
  "error",
  "canceled",
  "rejected",
] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that a late event of the same attempt cannot change. */
export const TERMINAL: ReadonlySet<Status> = new Set(["complete", "error", "canceled", "rejected"]);

/** The terminal statuses that the owner gets a mail about: not `canceled`, which the owner requested. */
export const NOTIFIED = ["complete", "error", "rejected"] as const satisfies readonly Status[];

/** Which statuses may follow which, within one attempt. A retry starts a new attempt at `received`. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  received: ["submitted", "progressing", "checking", "error", "canceled", "rejected"],
  submitted: ["progressing", "checking", "error", "canceled"],
  progressing: ["checking", "error", "canceled"],
  // The only way to `complete`: no attempt completes unchecked.
  checking: ["complete", "error", "canceled"],
  complete: [],
  error: [],
  canceled: [],
  rejected: [],
};

/** Statuses that may change to `to`, for a conditional write. */
export function before(to: Status): Status[] {
  return STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}

/** True if the attempt has ended without renditions. */
export function isFailed(status: Status): boolean {
  return isTerminal(status) && status !== "complete";
}

/** True if the attempt has ended. */
export function isTerminal(status: Status): boolean {
  return TERMINAL.has(status);
}
