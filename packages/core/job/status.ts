/** Where a job stands. The browser, the API, the table and the handlers share this one list. */
export const STATUSES = [
  "received",
  "submitted",
  "progressing",
  "complete",
  "error",
  "canceled",
  "rejected",
] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that no late event of the same attempt may leave. */
export const TERMINAL: ReadonlySet<Status> = new Set(["complete", "error", "canceled", "rejected"]);

/** The terminal statuses that the owner gets a mail about: not `canceled`, which the owner requested. */
export const NOTIFIED = ["complete", "error", "rejected"] as const satisfies readonly Status[];

/** Which statuses may follow which, within one attempt. A retry starts a new attempt at `received`. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  received: ["submitted", "progressing", "complete", "error", "canceled", "rejected"],
  submitted: ["progressing", "complete", "error", "canceled"],
  progressing: ["complete", "error", "canceled"],
  complete: [],
  error: [],
  canceled: [],
  rejected: [],
};

/** Statuses from which `to` may be reached, for a conditional write. */
export function before(to: Status): Status[] {
  return STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}

/** True when nothing more will happen to this attempt by itself. */
export function isTerminal(status: Status): boolean {
  return TERMINAL.has(status);
}
