import { STORAGE_FULL } from "./full.ts";

/** The HTTP-like kinds of an error that a person may see. */
export type Kind =
  | "input"
  | "auth"
  | "forbidden"
  | "not_found"
  | "method"
  | "conflict"
  | "too_large"
  | "rate"
  | "full"
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
  /** No route of that name. */
  "route.not_found",
  /** A route, but not for that method; `Allow` says for which. */
  "route.method",
  /** Nobody is asking, or somebody who may not. */
  "actor.required",
  /** A token without the scope for this. */
  "actor.scope",
  /** A token, for something that a person must do. */
  "actor.person",
  /** A member, for something that only an admin may. */
  "actor.admin",
  /** Too many requests, or too many wrong guesses; `Retry-After` says how long to wait. */
  "rate.limited",
  /** A sign-in that was not begun here, was begun too long ago, or was used already. */
  "signin.state",
  /** The provider says no, or the person did. */
  "signin.denied",
  /** What the provider sent does not hold: signature, audience, nonce, issuer. */
  "signin.invalid",
  /** The provider's clock and ours are too far apart. */
  "signin.clock",
  /** The provider does not answer. */
  "signin.unavailable",
  /** The provider at that address names another issuer than the setting does. */
  "signin.issuer",
  /** The provider sends the user's groups in a shape that cannot be read. */
  "signin.groups",
  /** The provider has not verified the mail address, or gives none. */
  "signin.email",
  /** An admin has switched this user off. */
  "user.disabled",
  /** No user of that id. */
  "user.not_found",
  /** An admin who would switch off or sign out the own account from the list of users. */
  "user.self",
  /** No session of that id is the caller's. */
  "session.not_found",
  /** No token of that id is the caller's. */
  "token.not_found",
  /** As many tokens as one owner may have. */
  "token.too_many",
  /** No such share: never made, revoked, expired, or its video is gone. */
  "share.not_found",
  /** The share asks for a password, or for another one than was given. */
  "share.password",
  /** As many shares as one video may have. */
  "share.too_many",
  /** As many uploads are open as one owner may have. */
  "quota.uploads",
  /** The owner's videos would take more than the quota. */
  "quota.bytes",
  /** No dead-letter queue of that name. */
  "queue.not_found",
  /** An Idempotency-Key that came with another request before. */
  "idempotency.reused",
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
  /** S3 holds an object for this upload with another checksum than the one sent with `complete`. */
  "upload.checksum",
  /** No job of that id belongs to the caller. */
  "job.not_found",
  /** Retry or cancel on a job whose status does not allow it. */
  "job.state",
  /** Retry on a job whose source another tool has replaced in the bucket. */
  "job.source_replaced",
  /** Retry on a job whose source is gone from the bucket. */
  "job.source_missing",
  /** A cursor that we did not give out. */
  "cursor.invalid",
  /** The disk of a server is full; see core/full.ts. */
  STORAGE_FULL.code,
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
  /** When asking again is worth it; becomes the Retry-After header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: Kind, code: Code, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "VisibleError";
    this.kind = kind;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
