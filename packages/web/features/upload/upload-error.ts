/** Why a file did not go up: a closed union, so that every reason has its sentence and its next step. */
export type UploadProblem =
  | { type: "empty" }
  /** `message` is the server's, which knows the limit. */
  | { type: "too_large"; message?: string }
  /** The storage received other bytes than were sent, again and again. */
  | { type: "damaged" }
  | { type: "storage_full" }
  /** The upload was not finished in time, or was removed elsewhere. */
  | { type: "expired" }
  /** The file was changed, moved or deleted after it was chosen. */
  | { type: "unreadable" }
  /** The storage refuses freshly signed addresses: nearly always a clock that is wrong. */
  | { type: "denied" }
  | { type: "refused"; message: string };

/** What happened and what to do about it, for a person. */
export function problemSentence(problem: UploadProblem): string {
  switch (problem.type) {
    case "empty":
      return "This file is empty. Choose another file, or export it again.";
    case "too_large":
      return `${problem.message ?? "This file is too large."} Export a smaller file, then choose it again.`;
    case "damaged":
      return "The file was damaged in transit several times. The intact parts are kept: switch to another network, then try again.";
    case "storage_full":
      return "The storage is full. Delete some videos or free some disk space, then try again.";
    case "expired":
      return "This upload expired or was removed. Try again to start over.";
    case "unreadable":
      return "This file was changed or moved after you chose it. Dismiss it and choose it again.";
    case "denied":
      return "The storage rejected this upload. Check that this computer's clock is correct, then try again.";
    case "refused":
      return problem.message;
  }
}

/** False where sending the same bytes again cannot help. */
export function canRetry(problem: UploadProblem): boolean {
  return !["empty", "too_large", "unreadable"].includes(problem.type);
}

/**
 * What one request came to, when it did not succeed: try again later (`retry`), with a new address
 * (`sign`), once the person has signed in again (`sign_in`), after asking which parts have arrived
 * (`incomplete`), not again because S3 has an object there (`exists`), or not at all.
 */
export type Outcome =
  /** `damaged`: the storage got other bytes than were sent. */
  | { type: "retry"; afterMs?: number; damaged?: true }
  | { type: "sign" }
  | { type: "sign_in" }
  | { type: "incomplete" }
  | { type: "exists" }
  | { type: "fail"; problem: UploadProblem };

/** The error that carries an outcome. Anything else thrown in the engine is a bug. */
export class UploadError extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.type === "fail" ? problemSentence(outcome.problem) : outcome.type);
    this.name = "UploadError";
    this.outcome = outcome;
  }
}
