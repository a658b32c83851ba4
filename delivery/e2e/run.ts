/** Runs one video through an instance with the public API. Each step is reported with its time and its error. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CliError } from "@rushes/core/cli-error";
import { sizeName } from "@rushes/core/rendition/size-name";
import {
  type Api,
  Changes,
  Created,
  checkAccess,
  Details,
  NO_JOB,
  Page,
  Signed,
  Uploaded,
} from "./api.ts";
import { messageOf } from "./message.ts";

/** More than the app allows in a single PUT, so that it is uploaded in parts. */
const SIZE_BYTES = 33 * 1024 * 1024;
const POLL_MS = 500;
const PLAYABLE_MS = 10 * 60_000;
const MAIL_MS = 3 * 60_000;
const PART_MS = 5 * 60_000;
const CLEAN_UP_MS = 60_000;
const LABELS = ["1080p", "720p", "web-720p"];
const CLIP_SECONDS = 3;

/** The data that the run created and must remove. */
export interface Leftovers {
  uploadId?: string;
  jobId?: string;
}
export interface Context {
  api: Api;
  token?: string | undefined;
  chromium?: string | undefined;
  signal: AbortSignal;
  leftovers: Leftovers;
  step<T>(title: string, run: () => Promise<T>): Promise<T>;
}

/** Throws at the first step that fails. `leftovers` then has what was created. */
export async function runE2e(context: Context): Promise<void> {
  const { api, step, signal, leftovers } = context;
  await step("Check the instance and the token", () => checkAccess(api, signal));
  const { now } = await api.json(Page, "/jobs?limit=1", { signal });
  const uploadId = await step("Upload a clip in presigned parts", () => upload(context));
  const jobId = await step("Wait until it is playable", () => playable(context, uploadId, now));
  leftovers.jobId = jobId;
  const sizes = await step("Check three renditions and the poster", () =>
    checkRenditions(context, jobId),
  );
  await step("Play every size in a browser", async () => {
    // Playwright takes most of the start, and a run that fails earlier does not need it.
    const { play } = await import("./player.ts");
    await play({ ...context, jobId, sizes });
  });
  await step("Wait until the mail is delivered", () => delivered(context, jobId));
}

/** Removes what the run created, also after it was stopped. */
export async function cleanUp({
  api,
  leftovers,
}: Pick<Context, "api" | "leftovers">): Promise<void> {
  const { uploadId } = leftovers;
  if (uploadId !== undefined && leftovers.jobId === undefined) {
    const { signal } = new AbortController();
    leftovers.jobId = await until(
      CLEAN_UP_MS,
      "The upload could not be removed",
      signal,
      async () => {
        const { upload } = await api.json(Uploaded, `/uploads/${uploadId}`);
        if (upload.jobId !== undefined) return upload.jobId;
        // The upload is becoming a job. Then the job is deleted.
        if (upload.status === "completing") return undefined;
        if (upload.status === "open") await api.send(`/uploads/${uploadId}`, { method: "DELETE" });
        return NO_JOB;
      },
    );
  }
  if (leftovers.jobId !== undefined && leftovers.jobId !== NO_JOB) {
    await api.send(`/jobs/${leftovers.jobId}`, { method: "DELETE", allow: 404 });
  }
}

/** The clip of the repository, enlarged by a `free` box, which players skip. */
async function clip(): Promise<Buffer<ArrayBuffer>> {
  const small = await readFile(join(import.meta.dirname, "clip.mp4"));
  const bytes = Buffer.alloc(SIZE_BYTES);
  small.copy(bytes);
  bytes.writeUInt32BE(SIZE_BYTES - small.length, small.length);
  bytes.write("free", small.length + 4, "latin1");
  return bytes;
}

async function upload({ api, signal, leftovers }: Context): Promise<string> {
  const bytes = await clip();
  const file = {
    name: `End-to-end ${new Date().toISOString().slice(0, 19).replaceAll(":", ".")}.mp4`,
    sizeBytes: bytes.length,
    contentType: "video/mp4",
    // Its three MP4s are separate encodes, each of which can fail.
    profile: "original",
  };
  const created = await api.json(Created, "/uploads", {
    method: "POST",
    body: { files: [file] },
    signal,
  });
  const [result] = created.results;
  if (!result || "error" in result) {
    throw new CliError(`The upload was rejected: ${result?.error.message}`);
  }
  const { id, plan } = result.upload;
  leftovers.uploadId = id;
  const { partCount, partSizeBytes } = plan;
  if (plan.kind !== "multipart" || partCount === undefined || partSizeBytes === undefined) {
    throw new CliError(
      `${SIZE_BYTES} bytes should be uploaded in parts, but the app plans one PUT.`,
    );
  }
  const partNumbers = Array.from({ length: partCount }, (_, at) => at + 1);
  const { requests } = await api.json(Signed, `/uploads/${id}/sign`, {
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
        throw new CliError(`Part ${partNumber} could not be uploaded: ${messageOf(error)}`);
      });
      await response.body?.cancel();
      if (!response.ok) {
        throw new CliError(
          `Part ${partNumber} could not be uploaded: S3 returned ${response.status}.`,
        );
      }
    }),
  );
  await api.send(`/uploads/${id}/complete`, { method: "POST", signal });
  return id;
}

async function until<T>(
  timeoutMs: number,
  failure: string,
  signal: AbortSignal,
  poll: () => Promise<T>,
) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const found = await poll();
    if (found !== undefined) return found;
    await wait(POLL_MS, undefined, { signal });
  }
  throw new CliError(`${failure} within ${timeoutMs / 60_000} minutes.`);
}

function playable({ api, signal, leftovers }: Context, uploadId: string, from: string) {
  let since = from;
  return until(PLAYABLE_MS, "The video did not become playable", signal, async () => {
    const query = new URLSearchParams({ changedSince: since });
    const { changes, nextSince } = await api.json(Changes, `/jobs?${query}`, { signal });
    since = nextSince;
    for (const change of changes) {
      if (change.type !== "job" || change.job.uploadId !== uploadId) continue;
      const { id, status, failureMessage } = change.job;
      leftovers.jobId = id;
      if (status === "complete") return id;
      if (["error", "rejected", "canceled"].includes(status)) {
        throw new CliError(`The job ended as "${status}": ${failureMessage ?? "no reason given"}`);
      }
    }
    return undefined;
  });
}

/** Returns the names of the sizes that the page offers. Files of one size are offered once. */
async function checkRenditions({ api, signal }: Context, jobId: string): Promise<string[]> {
  const { job, renditions: all } = await api.json(Details, `/jobs/${jobId}`, { signal });
  const wrong = problemsOf(all);
  if (wrong.length > 0) throw new CliError(wrong.join(" "));
  if (job.posterUrl === undefined) throw new CliError("The job has no poster.");
  const poster = await fetch(job.posterUrl, { signal });
  const bytes = new Uint8Array(await poster.arrayBuffer());
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.length > 1000;
  if (!poster.ok || !isJpeg) {
    throw new CliError(`The poster's URL returned ${poster.status} and no picture.`);
  }
  const files = all.filter(({ kind }) => kind === "mp4");
  return [...new Set(files.map(({ width = 0, height = 0 }) => sizeName({ width, height })))];
}

/** One message for each problem of the clip's renditions. */
export function problemsOf(all: Details["renditions"]): string[] {
  return [...LABELS, "poster"].flatMap((label) => {
    const one = all.find((rendition) => rendition.label === label);
    if (!one) return [`The ${label} is missing.`];
    if (one.sizeBytes === 0) return [`The ${label} is empty.`];
    if (label === "poster") return [];
    const { videoCodec, audioCodec, width = 0, height = 0, durationSeconds = 0 } = one;
    const isWhole = Math.abs(durationSeconds - CLIP_SECONDS) < 0.5;
    const problems: string[] = [];
    if (!videoCodec || !audioCodec) problems.push(`The ${label} has no picture or no sound.`);
    if (width <= height || height === 0) {
      problems.push(`The ${label} is ${width} × ${height}.`);
    }
    if (!isWhole) {
      problems.push(`The ${label} is ${durationSeconds} s long instead of ${CLIP_SECONDS} s.`);
    }
    return problems;
  });
}

const NOT_DELIVERED = /^mail\.(failed|withheld|bounced|complained|rejected)$/;

function delivered({ api, signal }: Context, jobId: string) {
  return until(MAIL_MS, "The mail was not delivered", signal, async () => {
    const { events } = await api.json(Details, `/jobs/${jobId}`, { signal });
    const bad = events.find(({ type }) => NOT_DELIVERED.test(type));
    if (bad) {
      const reason = bad.detail?.reason;
      throw new CliError(`The mail did not arrive: ${bad.type}${reason ? `, ${reason}` : ""}.`);
    }
    return events.find(({ type }) => type === "mail.delivered");
  });
}
