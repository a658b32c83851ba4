/** The HTTP-like kinds of an error that a person may see. */
export type Kind =
  | "input"
  | "auth"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "rate"
  | "unavailable";

/** Every code that a caller can meet, in one place. */
export const CODES = [
  /** A request that does not fit its schema. */
  "request.invalid",
  /** A body over the route's limit. */
  "request.too_large",
  /** A body that does not say it is JSON. */
  "request.type",
  /** A change asked for by a page of another site, or under a name that is not ours. */
  "request.foreign",
  /** No route of that name, or none for that method. */
  "route.not_found",
  /** Nobody is asking, or somebody who may not. */
  "actor.required",
  /** No upload of that id belongs to the caller. */
  "upload.not_found",
  /** A file of zero bytes. */
  "upload.empty",
  /** A file larger than the settings allow. */
  "upload.too_large",
  /** An operation on an upload that has ended. */
  "upload.closed",
  /** A part number outside the plan. */
  "upload.part_unknown",
  /** Complete was asked for before every part had arrived. */
  "upload.incomplete",
  /** No job of that id belongs to the caller. */
  "job.not_found",
  /** Retry or cancel on a job whose status does not allow it. */
  "job.state",
  /** A cursor that we did not give out. */
  "cursor.invalid",
  /** An AWS service did not answer. */
  "service.unavailable",
  /** A defect of ours; the log says more. */
  "internal",
] as const;
export type Code = (typeof CODES)[number];

/** An error whose code and sentence a person may see. Everything else thrown is a bug, and a 500. */
export class VisibleError extends Error {
  readonly kind: Kind;
  readonly code: Code;

  constructor(kind: Kind, code: Code, message: string) {
    super(message);
    this.name = "VisibleError";
    this.kind = kind;
    this.code = code;
  }
}
