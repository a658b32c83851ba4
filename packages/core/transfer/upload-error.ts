/** Why an upload failed: a closed union, so that every reason has a message and a next step. */
export type UploadProblem =
  | { type: "empty" }
  /** `message` comes from the server, which knows the limit. */
  | { type: "too_large"; message?: string }
  /** The storage received other bytes than were sent, several times. */
  | { type: "damaged" }
  | { type: "storage_full" }
  /** The upload was not finished in time, or was removed elsewhere. */
  | { type: "expired" }
  /** The file was changed, moved or deleted after it was chosen. */
  | { type: "unreadable" }
  /** The storage rejects fresh signatures, nearly always because a clock is wrong. */
  | { type: "denied" }
  | { type: "refused"; message: string };

/** What happened and what to do about it, for the user. */
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

/** False if sending the same bytes again cannot help. */
export function canRetry(problem: UploadProblem): boolean {
  return !["empty", "too_large", "unreadable"].includes(problem.type);
}

/**
 * What to do after a request that did not succeed: retry later (`retry`), with a new signature (`sign`), once
 * the user has signed in (`sign_in`), after listing the stored parts (`incomplete`), let the checksum decide
 * because S3 already has an object (`exists`), start a new upload (`differs`), or give up (`fail`).
 */
export type Outcome =
  /** `damaged`: the storage received other bytes than were sent. */
  | { type: "retry"; afterMs?: number; damaged?: true }
  | { type: "sign" }
  | { type: "sign_in" }
  | { type: "incomplete" }
  | { type: "exists" }
  /** The parts that an earlier page sent are not those of this file. */
  | { type: "differs" }
  | { type: "fail"; problem: UploadProblem };

/** Carries an outcome. Anything else that the engine throws is a bug. */
export class UploadError extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.type === "fail" ? problemSentence(outcome.problem) : outcome.type);
    this.name = "UploadError";
    this.outcome = outcome;
  }
}
