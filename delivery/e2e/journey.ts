/** One video's way through a Rushes, by the public API: each step is shown, timed, and may fail alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Api,
  Changes,
  Created,
  Details,
  greet,
  NO_JOB,
  Page,
  Signed,
  Uploaded,
} from "./api.ts";
import { play } from "./player.ts";
import { Sentence, sentenceOf } from "./sentence.ts";

/** More than the app sends in a single PUT, so that it goes up in parts. */
const SIZE_BYTES = 33 * 1024 * 1024;
const POLL_MS = 500;
const PLAYABLE_MS = 10 * 60_000;
const MAIL_MS = 3 * 60_000;
const PART_MS = 5 * 60_000;
const GIVE_UP_MS = 60_000;
const LABELS = ["1080p", "720p", "web-720p"];
const CLIP_SECONDS = 3;

/** What is there that was not before, and must go again. */
export interface Left {
  uploadId?: string;
  jobId?: string;
}
export interface Journey {
  api: Api;
  token?: string | undefined;
  chromium?: string | undefined;
  signal: AbortSignal;
  left: Left;
  step<T>(title: string, run: () => Promise<T>): Promise<T>;
}

/** Throws at the first step that fails. What it made stands in `left`, also then. */
export async function travel(journey: Journey): Promise<void> {
  const { api, step, signal, left } = journey;
  await step("Ask who answers, and what the token may do", () => greet(api, signal));
  const { now } = await api.ask(Page, "/jobs?limit=1", { signal });
  const uploadId = await step("Upload a clip in presigned parts", () => upload(journey));
  const jobId = await step("Wait until it is playable", () => playable(journey, uploadId, now));
  left.jobId = jobId;
  await step("Check three renditions and the poster", () => renditions(journey, jobId));
  await step("Play every rendition in a browser", () =>
    play({ ...journey, jobId, labels: LABELS }),
  );
  await step("Wait until the mail is delivered", () => mail(journey, jobId));
}

/** Removes what the journey left, also when it was stopped; nothing of it is anybody's. */
export async function cleanUp({ api, left }: Pick<Journey, "api" | "left">): Promise<void> {
  const { uploadId } = left;
  if (uploadId !== undefined && left.jobId === undefined) {
    const { signal } = new AbortController();
    left.jobId = await until(GIVE_UP_MS, "The upload could not be removed", signal, async () => {
      const { upload } = await api.ask(Uploaded, `/uploads/${uploadId}`);
      if (upload.jobId !== undefined) return upload.jobId;
      // Not while it becomes a job; then it is the job that goes.
      if (upload.status === "completing") return undefined;
      if (upload.status === "open") await api.tell(`/uploads/${uploadId}`, { method: "DELETE" });
      return NO_JOB;
    });
  }
  if (left.jobId !== undefined && left.jobId !== NO_JOB) {
    await api.tell(`/jobs/${left.jobId}`, { method: "DELETE", or: 404 });
  }
}

/** The clip that ships, made heavy by a `free` box that players skip. */
async function clip(): Promise<Buffer<ArrayBuffer>> {
  const small = await readFile(join(import.meta.dirname, "clip.mp4"));
  const bytes = Buffer.alloc(SIZE_BYTES);
  small.copy(bytes);
  bytes.writeUInt32BE(SIZE_BYTES - small.length, small.length);
  bytes.write("free", small.length + 4, "latin1");
  return bytes;
}

async function upload({ api, signal, left }: Journey): Promise<string> {
  const bytes = await clip();
  const file = {
    name: `End-to-end ${new Date().toISOString().slice(0, 19).replaceAll(":", ".")}.mp4`,
    sizeBytes: bytes.length,
    contentType: "video/mp4",
  };
  const created = await api.ask(Created, "/uploads", {
    method: "POST",
    body: { files: [file] },
    signal,
  });
  const [made] = created.results;
  if (!made || "error" in made) throw new Sentence(`The upload is refused: ${made?.error.message}`);
  const { id, plan } = made.upload;
  left.uploadId = id;
  const { partCount, partSizeBytes } = plan;
  if (plan.kind !== "multipart" || partCount === undefined || partSizeBytes === undefined) {
    throw new Sentence(`${SIZE_BYTES} bytes should go up in parts, and the app plans one PUT.`);
  }
  const partNumbers = Array.from({ length: partCount }, (_, at) => at + 1);
  const { requests } = await api.ask(Signed, `/uploads/${id}/sign`, {
    method: "POST",
    body: { partNumbers },
    signal,
  });
  await Promise.all(
    requests.map(async ({ url, headers, partNumber = 1, sizeBytes }) => {
      const from = (partNumber - 1) * partSizeBytes;
      const response = await fetch(url, {
        method: "PUT",
        headers,
        body: bytes.subarray(from, from + sizeBytes),
        signal: AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]),
      }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Sentence(`Part ${partNumber} did not go up: ${sentenceOf(error)}`);
      });
      await response.body?.cancel();
      if (!response.ok) {
        throw new Sentence(`Part ${partNumber} did not go up: S3 answers ${response.status}.`);
      }
    }),
  );
  await api.tell(`/uploads/${id}/complete`, { method: "POST", signal });
  return id;
}

async function until<T>(ms: number, late: string, signal: AbortSignal, look: () => Promise<T>) {
  const ends = Date.now() + ms;
  while (Date.now() < ends) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(POLL_MS, undefined, { signal });
  }
  throw new Sentence(`${late} within ${ms / 60_000} minutes.`);
}

function playable({ api, signal, left }: Journey, uploadId: string, from: string) {
  let since = from;
  return until(PLAYABLE_MS, "The video did not become playable", signal, async () => {
    const query = new URLSearchParams({ changedSince: since });
    const { changes, nextSince } = await api.ask(Changes, `/jobs?${query}`, { signal });
    since = nextSince;
    for (const change of changes) {
      if (change.type !== "job" || change.job.uploadId !== uploadId) continue;
      const { id, status, failureMessage } = change.job;
      left.jobId = id;
      if (status === "complete") return id;
      if (["error", "rejected", "canceled"].includes(status)) {
        throw new Sentence(`The job ended as "${status}": ${failureMessage ?? "it says no more"}`);
      }
    }
    return undefined;
  });
}

async function renditions({ api, signal }: Journey, jobId: string): Promise<void> {
  const { job, renditions: all } = await api.ask(Details, `/jobs/${jobId}`, { signal });
  const wrong = faults(all);
  if (wrong.length > 0) throw new Sentence(wrong.join(" "));
  if (job.posterUrl === undefined) throw new Sentence("The job has no poster.");
  const poster = await fetch(job.posterUrl, { signal });
  const bytes = new Uint8Array(await poster.arrayBuffer());
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.length > 1000;
  if (!poster.ok || !isJpeg) {
    throw new Sentence(`The poster's address answers ${poster.status}, and no picture.`);
  }
}

/** What is wrong with the files of the clip, each a sentence. */
export function faults(all: Details["renditions"]): string[] {
  return [...LABELS, "poster"].flatMap((label) => {
    const one = all.find((rendition) => rendition.label === label);
    if (!one) return [`The ${label} is missing.`];
    if (one.sizeBytes === 0) return [`The ${label} is empty.`];
    if (label === "poster") return [];
    const { videoCodec, audioCodec, width = 0, height = 0, durationSeconds = 0 } = one;
    const isWhole = Math.abs(durationSeconds - CLIP_SECONDS) < 0.5;
    return [
      ...(videoCodec && audioCodec ? [] : [`The ${label} has no picture or no sound.`]),
      ...(width > height && height > 0 ? [] : [`The ${label} measures ${width} × ${height}.`]),
      ...(isWhole ? [] : [`The ${label} lasts ${durationSeconds} s, and not ${CLIP_SECONDS} s.`]),
    ];
  });
}

const GONE_WRONG = /^mail\.(failed|withheld|bounced|complained|rejected)$/;

function mail({ api, signal }: Journey, jobId: string) {
  return until(MAIL_MS, "The mail was not delivered", signal, async () => {
    const { events } = await api.ask(Details, `/jobs/${jobId}`, { signal });
    const bad = events.find(({ type }) => GONE_WRONG.test(type));
    if (bad) {
      const reason = bad.detail?.reason;
      throw new Sentence(`The mail did not arrive: ${bad.type}${reason ? `, ${reason}` : ""}.`);
    }
    return events.find(({ type }) => type === "mail.delivered");
  });
}
