import { createHash } from "node:crypto";
import { contentTypeOf } from "@rushes/core/transfer/content-type";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { apiOutcome } from "@rushes/core/transfer/outcome";
import {
  checksumsUnder,
  hashWhole,
  type PlannedHashes,
  plannedHashes,
} from "@rushes/core/transfer/planned-hashes";
import { createPolls, createPool, type Pool } from "@rushes/core/transfer/pool";
import { type RetryEnvironment, type Waiting, withRetry } from "@rushes/core/transfer/retry";
import { expiryMs, type OpenUpload, runUpload } from "@rushes/core/transfer/run";
import { UploadError } from "@rushes/core/transfer/upload-error";
import type { Existing } from "@rushes/core/upload/schema";
import { answer, type Client } from "./connect.ts";
import { nodeEnvironment } from "./environment.ts";
import { ClientError } from "./error.ts";
import { type LocalFile, openFile } from "./file.ts";
import { putOf } from "./put.ts";
import { createUpload, uploadApi } from "./upload-api.ts";

export interface UploadOptions {
  /** The name of a profile. The default one if it is left out. */
  profile?: string | undefined;
  /** The tags that the video gets, at most 10. */
  tags?: string[] | undefined;
  /** Uploads the file even if the same file, unchanged, was uploaded within the last 24 hours. */
  again?: boolean;
  /** Uploads the file only if none of your videos with this profile was made of the same bytes, or else returns the video. */
  onlyNew?: boolean;
  signal?: AbortSignal;
  /** Called with the bytes that the storage has or that are in flight. They decrease if a part is sent again. */
  onProgress?(sentBytes: number, sizeBytes: number): void;
  /** Called when the upload begins to wait for the server, and with `undefined` when it continues. */
  onWaiting?(why: Waiting | undefined): void;
  /** Limits the requests to the storage. Share one among files that are uploaded at once. By default six at a time. */
  pool?: Pool;
  /** How long a failing request is tried again, in milliseconds. By default half an hour. */
  retryForMs?: number;
}

export interface Uploaded {
  /** Undefined if nothing was uploaded, because the video exists. */
  uploadId?: string | undefined;
  /** Undefined if the server has all bytes, but has made no job of them within five minutes. */
  jobId?: string | undefined;
  sizeBytes: number;
  /** Bytes that an earlier call had sent. All of them if the file was already uploaded. */
  resumedBytes: number;
  /** The title of the video that exists already, if it is not a new one. */
  existing?: string | undefined;
}

/**
 * Uploads a file from disk, and resolves when it has a job. Within 24 hours, another call for the same unchanged file
 * continues where the last one stopped, also after a crash. It sends only the parts that the storage does not have.
 *
 * Throws a `ClientError`, also if the file changes while it is sent, and the signal's reason. To continue later, call it
 * again.
 *
 * @param env Tests pass their own, with another clock
 */
export async function uploadFile(
  client: Client,
  path: string,
  options: UploadOptions = {},
  env: RetryEnvironment = nodeEnvironment(options.retryForMs),
): Promise<Uploaded> {
  const file = await openFile(path);
  try {
    return await upload(client, file, options, env);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw clientError(path, error);
  }
}

async function upload(
  client: Client,
  file: LocalFile,
  options: UploadOptions,
  env: RetryEnvironment,
): Promise<Uploaded> {
  const { signal = new AbortController().signal, onProgress, onWaiting } = options;
  const { sizeBytes } = file;
  // Kept for another try, which would otherwise read the file again.
  const hashes = plannedHashes(sizeBytes);
  const find = () => findOrCreate({ client, file, options, signal, hashes });
  const open = await withRetry(find, env, signal);
  if ("existing" in open) {
    const { jobId, title } = open.existing;
    return { jobId, sizeBytes, resumedBytes: sizeBytes, existing: title };
  }
  const { id: uploadId, status, jobId } = open.upload;
  if (status === "completed") return { uploadId, jobId, sizeBytes, resumedBytes: sizeBytes };
  const result: Uploaded = { uploadId, sizeBytes, resumedBytes: 0 };
  await runUpload({
    file: file.blob,
    open,
    signal,
    env: {
      ...env,
      api: uploadApi(client, file),
      put: putOf(file),
      hash: crc64Of,
      pool: options.pool ?? createPool(),
      polls: createPolls(),
    },
    callbacks: {
      onOpened(_upload, sentBytes) {
        result.resumedBytes = sentBytes;
        onProgress?.(sentBytes, sizeBytes);
      },
      onBytes: (sentBytes) => onProgress?.(sentBytes, sizeBytes),
      onWaiting: (why) => onWaiting?.(why),
      onSent: () => onProgress?.(sizeBytes, sizeBytes),
      onJob(job) {
        result.jobId = job;
      },
    },
  });
  return result;
}

/**
 * The upload of this file that is not finished, or else a new one. The idempotency key follows from the file, so that
 * the server finds the uploads of earlier calls. Each upload that was aborted or deleted has used up its key.
 */
async function findOrCreate(input: {
  client: Client;
  file: LocalFile;
  options: UploadOptions;
  signal: AbortSignal;
  hashes: PlannedHashes;
}): Promise<OpenUpload | { existing: Existing }> {
  const { client, file, signal, hashes } = input;
  const { profile, tags, again = false, onlyNew = false } = input.options;
  const { name, sizeBytes, fingerprint } = file;
  const contentType = contentTypeOf({ name, type: "" });
  const created = { name, sizeBytes, contentType, fingerprint, profile, tags };
  let crc64nvme: string | undefined;
  for (let round = 0; ; round += 1) {
    const key = createHash("sha256")
      .update(JSON.stringify([created, round]))
      .digest("hex");
    const create = () => createUpload(client, { ...created, onlyNew, crc64nvme }, key, signal);
    let result = await create();
    if ("existing" in result && result.existing.same === "size") {
      const hash = (bytes: Blob) => crc64Of(bytes, signal);
      crc64nvme = await hashWhole({ file: file.blob, hash, signal, hashes });
      result = await create();
    }
    if ("existing" in result) return result;
    if ("error" in result) {
      throw new UploadError(apiOutcome({ status: 400, ...result.error }, Date.now()));
    }
    const { upload } = result;
    if (upload.status === "aborted" || upload.status === "expired") continue;
    if (upload.status === "completed" && (again || (await isDeleted(client, upload.jobId))))
      continue;
    // It may be new. Asking for its parts costs one request, and is always right.
    const checksums = checksumsUnder(upload.plan, hashes);
    const expiresAtMs = expiryMs(upload, Date.now());
    return { ...result, resumed: true, crc64nvme, checksums, expiresAtMs };
  }
}

/** A token without the scope `read` cannot know, so the video counts as existing. */
async function isDeleted(client: Client, id: string | undefined): Promise<boolean> {
  if (id === undefined) return false;
  try {
    await answer(client.GET("/api/jobs/{id}", { params: { path: { id } } }));
    return false;
  } catch (error) {
    return error instanceof ClientError && error.status === 404;
  }
}

function clientError(path: string, error: unknown): unknown {
  if (!(error instanceof UploadError) || error.outcome.type !== "fail") return error;
  const { type } = error.outcome.problem;
  // The page's sentence is about a file that was chosen on it.
  const message =
    type === "unreadable"
      ? `${path} changed while it was sent. Wait until no program writes to it, then upload it again.`
      : error.message;
  return new ClientError(type, message);
}
