import type { Event, Listed } from "@rushes/core/job/schema";
import type { Status } from "@rushes/core/job/status";

/** Test factories. Pass only the fields that matter to the test. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The nth ID. Later IDs sort after earlier ones. */
export function id<P extends "job" | "evt">(prefix: P, n: number): string {
  const digits = [Math.floor(n / 32), n % 32].map((digit) => ALPHABET[digit]).join("");
  return `${prefix}_${digits.padStart(26, "0")}`;
}

type JobInput = {
  n?: number;
  title?: string;
  tags?: string[];
  status?: Status;
  updated?: string;
  posterUrl?: string;
};

/** A job of the list. */
export function job({
  n = 1,
  title = "dailies.mp4",
  tags,
  status = "progressing",
  updated,
  posterUrl,
}: JobInput = {}): Listed {
  return {
    id: id("job", n) as Listed["id"],
    ownerId: "local",
    title,
    fileName: title,
    tags,
    source: { bucket: "uploads", key: title, sizeBytes: 1000, etag: "e", sequencer: "00" },
    profile: "original",
    attempt: 1,
    status,
    progressPercent: 10,
    landed: [],
    posterKey: posterUrl ? "poster.jpg" : undefined,
    posterUrl,
    time: {
      created: "2026-01-01T00:00:00.000Z",
      updated: updated ?? "2026-01-01T00:00:01.000Z",
    },
  };
}

type EventInput = {
  n?: number;
  type: Event["type"];
  at: number;
  attempt?: number;
  detail?: Event["detail"];
};

/** A step of a timeline, `at` milliseconds after noon. */
export function event({ n = 1, type, at, attempt = 1, detail }: EventInput): Event {
  return {
    id: id("evt", n) as Event["id"],
    type,
    attempt,
    time: new Date(Date.parse("2026-01-01T12:00:00.000Z") + at).toISOString(),
    detail,
  };
}
