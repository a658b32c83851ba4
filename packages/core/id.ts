import { ulid } from "ulid";
import * as z from "zod";

const PREFIXES = {
  upload: "upl",
  job: "job",
  event: "evt",
  token: "tok",
  share: "shr",
  audit: "aud",
  deployment: "dpl",
  captions: "cap",
} as const;
type Noun = keyof typeof PREFIXES;
type Prefix<N extends Noun> = (typeof PREFIXES)[N];

function schema<N extends Noun>(noun: N) {
  const prefix: Prefix<N> = PREFIXES[noun];
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`),
      `This is not the ID of ${noun === "captions" ? "" : /^[aeu]/.test(noun) ? "an " : "a "}${noun}.`,
    )
    .brand<N>();
}

export const UploadId = schema("upload");
export type UploadId = z.infer<typeof UploadId>;
export const JobId = schema("job");
export type JobId = z.infer<typeof JobId>;
export const EventId = schema("event");
export type EventId = z.infer<typeof EventId>;
export const TokenId = schema("token");
export type TokenId = z.infer<typeof TokenId>;
export const ShareId = schema("share");
export type ShareId = z.infer<typeof ShareId>;
export const AuditId = schema("audit");
export type AuditId = z.infer<typeof AuditId>;
export const DeploymentId = schema("deployment");
export type DeploymentId = z.infer<typeof DeploymentId>;
export const CaptionsId = schema("captions");
export type CaptionsId = z.infer<typeof CaptionsId>;

/** A new prefixed ULID. It sorts by creation time, in milliseconds. */
export const create = {
  upload: (time?: number): UploadId => UploadId.parse(`upl_${ulid(time)}`),
  job: (time?: number): JobId => JobId.parse(`job_${ulid(time)}`),
  event: (time?: number): EventId => EventId.parse(`evt_${ulid(time)}`),
  token: (time?: number): TokenId => TokenId.parse(`tok_${ulid(time)}`),
  share: (time?: number): ShareId => ShareId.parse(`shr_${ulid(time)}`),
  audit: (time?: number): AuditId => AuditId.parse(`aud_${ulid(time)}`),
  deployment: (time?: number): DeploymentId => DeploymentId.parse(`dpl_${ulid(time)}`),
  captions: (time?: number): CaptionsId => CaptionsId.parse(`cap_${ulid(time)}`),
};
