import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal, type Status } from "@rushes/core/job/status";
import type { components, paths } from "./api.ts";
import { answer, type Client } from "./connect.ts";
import { RETRY_FOR_MS } from "./environment.ts";
import { ClientError } from "./error.ts";

export type Job = components["schemas"]["Job"];
type ListQuery = { status?: Status; q?: string; tag?: string; limit?: number; cursor?: string };

const path = (id: string) => ({ params: { path: { id } } });

/** A page of your videos, newest first. `q` is words of a name, the last of which may be cut short; `limit` is at most 100. */
export async function listJobs(client: Client, query: ListQuery = {}) {
  const page = await answer(client.GET("/api/jobs", { params: { query } }));
  // Only a request with `changedSince` returns changes.
  if (!("jobs" in page)) throw new Error("The server returned changes instead of a page.");
  return page;
}

/** One video with its renditions and its timeline. */
export const showJob = (client: Client, id: string) =>
  answer(client.GET("/api/jobs/{id}", path(id)));

/** Starts a new attempt, with another profile if one is named. */
export async function retryJob(client: Client, id: string, profile?: string): Promise<Job> {
  const init = { ...path(id), body: { profile } };
  return (await answer(client.POST("/api/jobs/{id}/retry", init))).job;
}

export async function cancelJob(client: Client, id: string): Promise<Job> {
  return (await answer(client.POST("/api/jobs/{id}/cancel", path(id)))).job;
}

/** Deletes the video, its source and its renditions. */
export const deleteJob = (client: Client, id: string) =>
  answer(client.DELETE("/api/jobs/{id}", path(id)));

type NewShare = NonNullable<
  paths["/api/jobs/{id}/shares"]["post"]["requestBody"]
>["content"]["application/json"];

/** Creates a share link. With sign-in, the token needs the scope `share`. */
export async function shareJob(client: Client, id: string, options: Partial<NewShare> = {}) {
  const body = { origins: [], ...options };
  return (await answer(client.POST("/api/jobs/{id}/shares", { ...path(id), body }))).share;
}

const POLL_MS = 1_000;

type WaitOptions = { signal?: AbortSignal; onChange?(job: Job): void };

/**
 * Resolves with the job once it has ended: `complete`, `error`, `canceled` or `rejected`. Continues through an outage of
 * half an hour.
 */
export async function waitForJob(
  client: Client,
  id: string,
  { signal, onChange }: WaitOptions = {},
): Promise<Job> {
  let failingSinceMs: number | undefined;
  for (;;) {
    try {
      const { job } = await showJob(client, id);
      failingSinceMs = undefined;
      onChange?.(job);
      if (isTerminal(job.status)) return job;
    } catch (error) {
      failingSinceMs ??= Date.now();
      if (!isTransient(error) || Date.now() - failingSinceMs > RETRY_FOR_MS) throw error;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

const isTransient = (error: unknown): boolean =>
  error instanceof ClientError &&
  (error.code === "unreachable" || error.status === 429 || error.status >= 500);

/** The URL that downloads this rendition, the `original`, or the largest rendition if none is named. */
async function downloadUrl(client: Client, id: string, label?: string): Promise<string> {
  const playback = await answer(client.GET("/api/jobs/{id}/playback", path(id)));
  const labels = playback.renditions.map((one) => one.label).join(", ");
  const found =
    label === "original"
      ? playback.sourceDownloadUrl
      : playback.renditions.find((one) => label === undefined || one.label === label)?.downloadUrl;
  if (found !== undefined) return found;
  const message =
    label === undefined
      ? "This video has no rendition to download yet. Wait until it is complete, or download the original."
      : `This video has no rendition "${label}" to download. It has: ${labels || "none"}.`;
  throw new ClientError("rendition", message);
}

type DownloadOptions = {
  rendition?: string | undefined;
  /** The new file. By default one in the working directory, with the name of the video. */
  target?: string | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Downloads a rendition, the `original`, or the largest rendition if none is named. Resolves with the path of the file.
 * Throws a `ClientError` if that file exists.
 */
export async function downloadJob(
  client: Client,
  id: string,
  { rendition, target, signal }: DownloadOptions = {},
): Promise<string> {
  const url = await downloadUrl(client, id, rendition);
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok || !response.body) {
    throw new ClientError("download", `The download failed with the status ${response.status}.`);
  }
  const file = target ?? nameOf(response) ?? id;
  if (existsSync(file)) {
    // Otherwise its connection keeps the process alive for a minute.
    await response.body.cancel();
    throw new ClientError("file", `${file} already exists.`);
  }
  // An interrupted download leaves no file that looks complete.
  const partial = `${file}.part`;
  try {
    await pipeline(response.body, createWriteStream(partial), { signal });
    await rename(partial, file);
    return file;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** The name that the server gives the file, without a folder. */
function nameOf({ headers }: Response): string | undefined {
  const name = /filename\*=UTF-8''([^;]+)/i.exec(headers.get("content-disposition") ?? "")?.[1];
  return name === undefined ? undefined : basename(decodeURIComponent(name));
}
