import { stat } from "node:fs/promises";
import {
  type Client,
  ClientError,
  createPool,
  type Job,
  type Uploaded,
  uploadFile,
  waitForJob,
} from "@rushes/client";
import { Failed, sentenceOf } from "./exit.ts";
import { filesAt } from "./files.ts";
import { type Progress, progressFor } from "./progress.ts";

/** Files that are uploaded at once. Their requests share one pool. */
const FILES = 4;

export interface UploadFlags {
  profile?: string;
  tag?: string[];
  wait?: boolean;
  again?: boolean;
  json?: boolean;
  /** Whether a file that is a video already is named instead of uploaded. */
  onlyNew?: boolean;
}
type Context = {
  client: Client;
  flags: UploadFlags;
  progress: Progress;
  pool: ReturnType<typeof createPool>;
  signal: AbortSignal;
  retryForMs: number | undefined;
};

const WAITING = { offline: "waiting", retry: "waiting for the server", signed_out: "signed out" };

/** Uploads single files, with progress and a line for each result. */
export interface Uploader {
  /** Resolves with whether it succeeded. Rejects only with the signal's reason. */
  upload(path: string): Promise<boolean>;
  /** Reports a path that was not uploaded. */
  fail(path: string, error: unknown): void;
  stop(): void;
}

/** At most four files at once. Their requests share one pool. */
export function createUploader(
  client: Client,
  flags: UploadFlags,
  signal: AbortSignal,
  retryForMs?: number,
): Uploader {
  const progress = progressFor({ json: flags.json ?? false });
  const context = { client, flags, progress, pool: createPool(), signal, retryForMs };
  const slots = createPool(FILES);
  const fail = (path: string, error: unknown) => {
    signal.throwIfAborted();
    report(context, path, error);
  };
  const attempt = async (path: string): Promise<boolean> => {
    try {
      await uploadOne(context, path);
      return true;
    } catch (error) {
      fail(path, error);
      return false;
    }
  };
  return {
    upload: (path) => slots.run(signal, () => attempt(path)),
    fail,
    stop: () => progress.stop(),
  };
}

/** Uploads files and folders. Rejects with `Failed` if one fails, after the others. */
export async function upload(
  client: Client,
  paths: readonly string[],
  flags: UploadFlags,
  signal: AbortSignal,
): Promise<void> {
  const uploader = createUploader(client, { ...flags, onlyNew: !flags.again }, signal);
  const uploadAll = async (path: string): Promise<boolean> => {
    try {
      const files = await filesAt(path);
      return (await Promise.all(files.map(uploader.upload))).every(Boolean);
    } catch (error) {
      uploader.fail(path, error);
      return false;
    }
  };
  try {
    const succeeded = await Promise.all(paths.map(uploadAll));
    if (!succeeded.every(Boolean)) throw new Failed();
  } finally {
    uploader.stop();
  }
}

function report({ flags, progress }: Context, path: string, error: unknown): void {
  const message = sentenceOf(error);
  const code = error instanceof ClientError ? error.code : "internal";
  if (flags.json) printJson({ file: path, error: { code, message } });
  else progress.fail(`${path}: ${message}`);
}

const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function uploadOne(context: Context, path: string): Promise<void> {
  const { client, flags, progress, pool, signal, retryForMs } = context;
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const shown = progress.file(path, sizeBytes);
  try {
    const { profile, again, onlyNew, tag: tags } = flags;
    const uploaded = await uploadFile(client, path, {
      profile,
      tags,
      again,
      onlyNew,
      pool,
      signal,
      retryForMs,
      onProgress: shown.update,
      onWaiting: (why) => shown.note(why ? WAITING[why] : ""),
    });
    const { jobId } = uploaded;
    const job =
      flags.wait && jobId !== undefined
        ? await waitForJob(client, jobId, { signal, onChange: (job) => shown.note(stateOf(job)) })
        : undefined;
    const status = job?.status ?? "uploaded";
    if (flags.json) printJson({ file: path, ...uploaded, status });
    else progress.print(`${path}: ${describe(uploaded, status)}`);
    if (job && job.status !== "complete") {
      throw new ClientError(job.status, job.failureMessage ?? `The video is ${job.status}.`);
    }
  } finally {
    shown.end();
  }
}

function describe({ jobId, existing }: Uploaded, status: string): string {
  const state =
    existing === undefined ? status : `already there as “${existing}”, not uploaded (see --again)`;
  return jobId === undefined ? state : `${state}, ${jobId}`;
}

const stateOf = ({ status, progressPercent }: Job) =>
  status === "progressing" ? `encoding, ${progressPercent}%` : status;
