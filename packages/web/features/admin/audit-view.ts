import type { Action, Info as AuditEvent } from "@rushes/core/audit/schema";
import { isolate } from "../../lib/isolate.ts";
import { signInProblem } from "../../lib/sign-in-problem.ts";

/** One event: "ann@example.com" "created an API token", with its link and its tone. */
export type Line = {
  who: string;
  did: string;
  /** The page of the target, if it exists. */
  href?: string | undefined;
  tone: "plain" | "danger";
};

type Given = Pick<AuditEvent, "action" | "target" | "detail" | "ownerId">;

const text = ({ detail }: Given, key: string): string | undefined => {
  const value = detail?.[key];
  return value === undefined || value === "" ? undefined : String(value);
};
const quoted = (value: string | undefined) => (value ? ` “${isolate(value)}”` : "");

/** True if an admin acted on another user's data. */
const foreign = (event: Given) => {
  const owner = text(event, "owner");
  return owner !== undefined && event.ownerId !== undefined && owner !== event.ownerId;
};
const video = (event: Given) => (foreign(event) ? "another user's video" : "a video");

const SENTENCES: Record<Action, (event: Given) => string> = {
  signin: () => "signed in",
  "signin.refused": (event) => {
    const problem = signInProblem(text(event, "code") ?? "");
    return `could not sign in: ${(problem?.title ?? "").replace(/^[A-Z]/, (first) => first.toLowerCase())}`;
  },
  signout: () => "signed out",
  "session.revoked": (event) => {
    const sessions = text(event, "sessions");
    if (sessions === undefined) return "ended one of their own sessions";
    return `ended ${sessions === "1" ? "a session" : `${sessions} sessions`} of another user`;
  },
  "session.stolen": () => "used an outdated session cookie, so the session was ended",
  "user.disabled": () => "disabled a user",
  "user.enabled": () => "enabled a user",
  "mail.freed": () => "resumed email to an address",
  "token.created": (event) => {
    const scopes = text(event, "scopes");
    return `created an API token${scopes ? ` for ${scopes.split(" ").join(", ")}` : ""}`;
  },
  "token.revoked": () => "revoked an API token",
  "key.created": () => "created an access key",
  "key.revoked": () => "revoked an access key",
  "share.created": (event) => `shared ${video(event)}`,
  "share.revoked": (event) => `revoked a share link of ${video(event)}`,
  "upload.created": () => "started an upload",
  "upload.removed": (event) => `discarded ${foreign(event) ? "another user's" : "an"} upload`,
  "videos.listed": () => "listed another user's videos",
  "job.opened": (event) => `viewed ${video(event)}`,
  "job.renamed": (event) => {
    const [from, to] = [text(event, "from"), text(event, "to")];
    return `renamed ${video(event)}${from && to ? `,${quoted(from)} to${quoted(to)}` : ""}`;
  },
  "job.tagged": (event) => `changed the tags of ${video(event)}`,
  "job.retried": (event) => `retried ${video(event)}`,
  "job.canceled": (event) => `canceled the encoding of ${video(event)}`,
  "job.deleted": (event) => `deleted ${video(event)}`,
  "captions.added": (event) => `added captions to ${video(event)}`,
  "captions.changed": (event) => `renamed captions of ${video(event)}`,
  "captions.removed": (event) => `removed captions from ${video(event)}`,
  "poster.chosen": (event) => `chose the poster of ${video(event)}`,
  "poster.reset": (event) => `removed the chosen poster of ${video(event)}`,
  "queue.redriven": (event) => `redrove failed messages of${quoted(event.target)} again`,
  "deployment.recorded": (event) => {
    const [version, commit] = [text(event, "version"), text(event, "commit")];
    const what = version && commit ? `version ${version} (${commit.slice(0, 7)})` : "a version";
    return text(event, "outcome") === "rolled-back" ? `rolled back to ${what}` : `deployed ${what}`;
  },
  "storage.damaged": (event) => `found damaged data${quoted(text(event, "what"))}`,
};

const ALARMING: ReadonlySet<Action> = new Set([
  "session.stolen",
  "signin.refused",
  "storage.damaged",
]);

function href(event: Given): string | undefined {
  const { action, target } = event;
  if (action === "job.deleted") return undefined;
  if (/^(job|captions|poster)\./.test(action) && target) return `/jobs/${target}`;
  const jobId = text(event, "jobId");
  if (action.startsWith("share.") && jobId) return `/jobs/${jobId}`;
  if ((action.startsWith("user.") || action === "videos.listed") && target)
    return `/jobs?owner=${encodeURIComponent(target)}`;
  return undefined;
}
export function auditLine(event: AuditEvent): Line {
  const somebody = event.email ?? event.ownerId ?? "Somebody";
  return {
    who: event.via === "token" ? `A token of ${somebody}` : somebody,
    did: SENTENCES[event.action](event),
    href: href(event),
    tone: ALARMING.has(event.action) ? "danger" : "plain",
  };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 24 * 3600 * 1000;

/** The day in UTC, as the audit log stores it: `2026-06-15`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day in a URL. Today, if it is invalid or in the future. */
export function parseDay(given: string | null | undefined, nowMs: number): string {
  const today = dayOf(nowMs);
  if (!given || !DAY.test(given) || Number.isNaN(Date.parse(given))) return today;
  return dayOf(Date.parse(given)) === given && given <= today ? given : today;
}

/** The day `days` later; earlier for a negative number. */
export function dayAfter(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}
