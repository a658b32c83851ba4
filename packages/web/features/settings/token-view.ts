import type { Role, Scope } from "@rushes/core/actor";
import type { Info as Token } from "@rushes/core/token/schema";
import { formatAge, formatMoment } from "../../lib/format.ts";

/** What each scope allows. */
export const SCOPE_SENTENCES: Record<Scope, string> = {
  upload: "Upload videos, and see and cancel your uploads.",
  read: "List your videos, see their status, and get URLs to play and download them.",
  manage: "Rename, retry, cancel and delete your videos, and list and revoke their links.",
  share: "Create links to your videos, and list and revoke their links.",
  keys: "List, create and revoke access keys for S3 tools, for any user.",
};

/** From the least to the most powerful. */
export const SCOPE_ORDER: readonly Scope[] = ["upload", "read", "share", "manage", "keys"];

/** The scopes that a user of this role can give to a token, in that order. */
export function scopesOf(role: Role): readonly Scope[] {
  return role === "admin" ? SCOPE_ORDER : SCOPE_ORDER.filter((scope) => scope !== "keys");
}

export const SCOPE_WORDS: Record<Scope, string> = {
  upload: "Upload",
  read: "Read",
  manage: "Manage",
  share: "Share",
  keys: "Access keys",
};

/** In days. */
export const EXPIRIES = [
  { value: 7, label: "1 week" },
  { value: 30, label: "30 days" },
  { value: 90, label: "90 days" },
  { value: 365, label: "1 year" },
];
export const DEFAULT_EXPIRY = 90;

const SOON_MS = 7 * 24 * 3600 * 1000;

/** When a token was last used, and when it expires. */
export function tokenTimes(
  { time }: Pick<Token, "time">,
  nowMs: number,
): { used: string; expires: string; soon: boolean } {
  const leftMs = Date.parse(time.expires) - nowMs;
  return {
    used: time.used ? `Last used ${formatAge(time.used, nowMs)}` : "Never used",
    expires: leftMs <= 0 ? "Expired" : `Expires ${formatMoment(time.expires)}`,
    soon: leftMs < SOON_MS,
  };
}
