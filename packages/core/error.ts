import { STORAGE_FULL } from "./full.ts";

/** The kinds of a visible error. Each maps to an HTTP status. */
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

/** Every error code of the API. */
export const CODES = [
  /** The request does not match its schema. */
  "request.invalid",
  /** The body exceeds the route's limit. */
  "request.too_large",
  /** The body's content type is not JSON. */
  "request.type",
  /** A change that a page of another site requests, or a request for an unknown host name. */
  "request.foreign",
  /** The route does not exist. */
  "route.not_found",
  /** The route does not support the method. `Allow` lists the supported ones. */
  "route.method",
  /** The request has no valid session or token. */
  "actor.required",
  /** The token does not have the required scope. */
  "actor.scope",
  /** A token, where a session is required. */
  "actor.person",
  /** A member, where an admin is required. */
  "actor.admin",
  /** Too many requests or wrong passwords. `Retry-After` says how long to wait. */
  "rate.limited",
  /** A sign-in that was not started in this browser, took too long, or was already used. */
  "signin.state",
  /** The provider denied the sign-in, or the user canceled it. */
  "signin.denied",
  /** The provider's response is invalid: signature, audience, nonce or issuer. */
  "signin.invalid",
  /** The provider's clock and this server's differ too much. */
  "signin.clock",
  /** The provider does not respond. */
  "signin.unavailable",
  /** The provider reports another issuer than the setting. */
  "signin.issuer",
  /** The provider sends the user's groups in an unknown format. */
  "signin.groups",
  /** The provider sends no verified email address. */
  "signin.email",
  /** An admin has disabled this user. */
  "user.disabled",
  /** The user does not exist. */
  "user.not_found",
  /** Admins cannot disable their own account or end their own sessions in the list of users. */
  "user.self",
  /** The session does not exist, or is not the caller's. */
  "session.not_found",
  /** The token does not exist, or is not the caller's. */
  "token.not_found",
  /** The owner has the maximum number of tokens. */
  "token.too_many",
  /** The access key does not exist. */
  "key.not_found",
  /** The user has the maximum number of access keys. */
  "key.too_many",
  /** On AWS, IAM makes access keys. */
  "key.unsupported",
  /** The share never existed, was revoked, has expired, or its video is deleted. */
  "share.not_found",
  /** The share's password is missing or wrong. */
  "share.password",
  /** The video has the maximum number of shares. */
  "share.too_many",
  /** The owner has the maximum number of open uploads. */
  "quota.uploads",
  /** The owner's videos would exceed the quota. */
  "quota.bytes",
  /** The dead-letter queue does not exist. */
  "queue.not_found",
  /** The Idempotency-Key was already used for another request. */
  "idempotency.reused",
  /** The upload does not exist, or is not the caller's. */
  "upload.not_found",
  /** A file of zero bytes. */
  "upload.empty",
  /** The file exceeds the limit in the settings. */
  "upload.too_large",
  /** The upload has ended. */
  "upload.closed",
  /** The part number is outside the upload's plan. */
  "upload.part_unknown",
  /** `complete` was called before every part had arrived. */
  "upload.incomplete",
  /** The object in S3 has other bytes than the upload's parts, or than the checksum sent with `complete`. */
  "upload.checksum",
  /** The job does not exist, or is not the caller's. */
  "job.not_found",
  /** The job's status does not allow a retry or a cancel. */
  "job.state",
  /** The video would have more tags than the maximum. */
  "job.tags",
  /** The job cannot be retried, because another tool has replaced its source in the bucket. */
  "job.source_replaced",
  /** The job cannot be retried, because its source is not in the bucket. */
  "job.source_missing",
  /** The file is no valid WebVTT or SubRip file. The message has the number of the line. */
  "captions.invalid",
  /** The captions do not exist, or are not of this video. */
  "captions.not_found",
  /** The video has the maximum number of captions. */
  "captions.too_many",
  /** The file is no JPEG that can be a poster. */
  "poster.invalid",
  /** The settings define no profile with this name. */
  "profile.unknown",
  /** The cursor is not from a response of the same list. */
  "cursor.invalid",
  /** More jobs than a page can sort do not have the rows of this order yet. `Retry-After` says how long to wait. */
  "sort.preparing",
  /** The disk of a server is full; see core/full.ts. */
  STORAGE_FULL.code,
  /** An AWS service did not respond. */
  "service.unavailable",
  /** A bug in Rushes. The log has the details. */
  "internal",
] as const;
export type Code = (typeof CODES)[number];

/** An error whose code and message users see. Everything else that is thrown is a bug, and becomes a 500. */
export class VisibleError extends Error {
  readonly kind: Kind;
  readonly code: Code;
  /** When to retry. Becomes the Retry-After header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: Kind, code: Code, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "VisibleError";
    this.kind = kind;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
