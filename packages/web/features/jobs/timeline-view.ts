import { formatSpan } from "@rushes/core/format";
import { compareEvents } from "@rushes/core/job/order";
import type { Event } from "@rushes/core/job/schema";
import { sizeName } from "@rushes/core/rendition/size-name";
import { formatTimecode } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { formatSize } from "../../lib/technical-format.ts";

export type Step = {
  id: string;
  /** ISO 8601. */
  time: string;
  sentence: string;
  tone: "step" | "ok" | "danger";
  /** The time since the step before it. Missing on the first, and if it is less than 50 ms. */
  after?: string;
};
export type Timeline = {
  /** One group per attempt, in order of time. */
  attempts: { attempt: number; steps: Step[] }[];
  /** How long the pipeline took. Missing with fewer than two steps. */
  total?: string;
};

function text(event: Event, key: string): string | undefined {
  const value = event.detail?.[key];
  return value === undefined || value === "" ? undefined : String(value);
}

function number(event: Event, key: string): number | undefined {
  const value = event.detail?.[key];
  return typeof value === "number" ? value : undefined;
}

/** The probe result, as far as the event has it. */
function probed(event: Event): string {
  const [width, height] = [number(event, "width"), number(event, "height")];
  const seconds = number(event, "durationSeconds");
  const parts = [
    width && height ? formatSize(width, height) : undefined,
    seconds === undefined ? undefined : formatTimecode(seconds),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}

function recipient(event: Event): string {
  const to = text(event, "to");
  return to === undefined ? "" : ` to ${to}`;
}

/** The mail server's message. */
function because(event: Event): string {
  const reason = text(event, "reason");
  return reason === undefined ? "" : `: ${reason.replace(/[.\s]+$/, "")}`;
}

const SUCCESSES: ReadonlySet<Event["type"]> = new Set([
  "job.complete",
  "mail.sent",
  "mail.delivered",
]);
const FAILURES: ReadonlySet<Event["type"]> = new Set([
  "job.error",
  "job.rejected",
  "mail.failed",
  "mail.withheld",
  "mail.bounced",
  "mail.complained",
  "mail.rejected",
]);

/** The names of outputs that are no MP4. */
const OUTPUTS: Record<string, string> = {
  poster: "Poster",
  hls: "Adaptive stream",
  audio: "Audio",
};

/** The true size of an MP4. Undefined for steps from before it was recorded. */
function mp4Name(event: Event): string | undefined {
  const [width, height] = [number(event, "width"), number(event, "height")];
  return width && height ? sizeName({ width, height }) : undefined;
}

/** The text of each step, without a full stop. */
const SENTENCES: Record<Event["type"], string | ((event: Event) => string)> = {
  "upload.created": "Upload started",
  "upload.completed": "Upload finished",
  "source.received": "Video received",
  "source.checked": (event) => `Source checked${probed(event)}`,
  "source.replaced": "Source replaced in the bucket",
  "job.rejected": "Source rejected",
  "job.submitted": "Queued for encoding",
  "encoder.started": "Encoding started",
  "encoder.warned": (event) => warnedSentence(text(event, "reason")),
  "encoder.waiting": "Encoding is waiting: the encoder's disk is full",
  "rendition.landed": (event) => {
    const label = text(event, "label") ?? "Rendition";
    return `${OUTPUTS[label] ?? mp4Name(event) ?? label} ready`;
  },
  "job.checking": "Encoding finished, checking the renditions",
  "job.complete": "All renditions ready",
  "job.error": "Encoding failed",
  "job.canceled": "Encoding was canceled",
  "job.retried": (event) =>
    `Attempt ${event.attempt} started${text(event, "automatic") ? " automatically" : ""}`,
  "job.renamed": (event) => {
    const to = text(event, "to");
    return to ? `Renamed to “${isolate(to)}”` : "Video renamed";
  },
  "mail.sent": (event) => `Mail sent${recipient(event)}`,
  "mail.failed": (event) => `Mail${recipient(event)} could not be sent`,
  "mail.withheld": (event) =>
    text(event, "reason") === "complained"
      ? "No mail was sent: an earlier one was reported as spam"
      : "No mail was sent: an earlier one bounced",
  "mail.delivered": "Mail delivered",
  "mail.bounced": (event) => `Mail bounced${because(event)}`,
  "mail.complained": "Mail reported as spam",
  "mail.rejected": (event) => `Mail rejected before it was sent${because(event)}`,
};

function warnedSentence(reason: string | undefined): string {
  if (reason === "source.changed") return "The source's picture changes its size or format";
  if (reason === "source.length") return "The source states a wrong length";
  if (reason === "source.silent") return "The source's sound cannot be read";
  if (reason === "source.captions") return "The source's subtitles were not carried over";
  return "Part of the source is damaged";
}

export function stepSentence(event: Event): string {
  const sentence = SENTENCES[event.type];
  return typeof sentence === "string" ? sentence : sentence(event);
}

function tone(type: Event["type"]): Step["tone"] {
  if (SUCCESSES.has(type)) return "ok";
  return FAILURES.has(type) ? "danger" : "step";
}

/** Steps that are not part of processing the video. They do not count in its total. */
const NOT_PROCESSING: ReadonlySet<Event["type"]> = new Set([
  "source.replaced",
  "job.renamed",
  "mail.delivered",
  "mail.bounced",
  "mail.complained",
  "mail.rejected",
]);

/**
 * How long the pipeline took, in milliseconds: from the first to the last step of each attempt, without the
 * time between attempts. Undefined before there are two steps.
 */
function totalMs(ordered: readonly Event[]): number | undefined {
  const steps = ordered.filter(({ type }) => !NOT_PROCESSING.has(type));
  if (steps.length < 2) return undefined;
  const spans = new Map<number, { first: number; last: number }>();
  for (const { attempt, time } of steps) {
    const at = Date.parse(time);
    spans.set(attempt, { first: spans.get(attempt)?.first ?? at, last: at });
  }
  return [...spans.values()].reduce((sum, { first, last }) => sum + last - first, 0);
}

/** Without the further files of a size that an attempt has. */
function withoutRepeats(ordered: readonly Event[]): Event[] {
  const seen = new Set<string>();
  return ordered.filter((event) => {
    if (event.type !== "rendition.landed") return true;
    const step = `${event.attempt} ${stepSentence(event)}`;
    const first = !seen.has(step);
    seen.add(step);
    return first;
  });
}

/** Less is shown as `0 s`, which says nothing. */
const MIN_SPAN_MS = 50;

function spanBetween(before: string, after: string): string | undefined {
  const ms = Date.parse(after) - Date.parse(before);
  return ms < MIN_SPAN_MS ? undefined : formatSpan(ms);
}

/** The timeline of a job, from the first byte to the delivery of its mail. Accepts events in any order. */
export function timelineView(events: readonly Event[]): Timeline {
  const ordered = withoutRepeats([...events].sort(compareEvents));
  const total = totalMs(ordered);
  const attempts = new Map<number, Step[]>();
  for (const [index, event] of ordered.entries()) {
    const before = ordered[index - 1];
    const steps = attempts.get(event.attempt) ?? [];
    steps.push({
      id: event.id,
      time: event.time,
      sentence: stepSentence(event),
      tone: tone(event.type),
      after: before && spanBetween(before.time, event.time),
    });
    attempts.set(event.attempt, steps);
  }
  return {
    attempts: [...attempts]
      .sort(([a], [b]) => a - b)
      .map(([attempt, steps]) => ({ attempt, steps })),
    total: total === undefined ? undefined : formatSpan(total),
  };
}
