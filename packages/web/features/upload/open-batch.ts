import { contentTypeOf } from "@rushes/core/transfer/content-type";
import { apiOutcome } from "@rushes/core/transfer/outcome";
import type { UploadApi } from "@rushes/core/transfer/ports";
import { type Waiting, withRetry } from "@rushes/core/transfer/retry";
import { expiryMs } from "@rushes/core/transfer/run";
import { UploadError } from "@rushes/core/transfer/upload-error";
import type { EngineContext } from "./engine-context.ts";
import { discardUpload, failFile, neverAborted, runFile } from "./file-task.ts";

/** The most files that one request to the API may name. */
const BATCH = 100;
/** The most uploads that start in one task of the page: a hundred at once would block it. */
const STARTS_PER_TASK = 10;

type Candidate = { key: string; file: File; profile?: string; signal: AbortSignal };

/** Not randomUUID, which exists only in secure contexts. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Opens uploads batch by batch, in the order in which the files were chosen. Each batch opens when the last one is
 * nearly sent: the server limits open uploads, and a closed page leaves few of them behind.
 */
export function openMore(context: EngineContext): void {
  const { queue } = context;
  if (context.isOpening || queue.length === 0 || context.unsentCount >= BATCH / 2) return;
  context.isOpening = true;
  void openBatch(context, queue.splice(0, BATCH)).then(() => {
    context.isOpening = false;
    openMore(context);
  });
}

/** Creates the uploads of up to 100 files, then starts those that the server granted. */
export async function openBatch(context: EngineContext, keys: readonly string[]): Promise<void> {
  const files = keys.flatMap((key): Candidate[] => {
    const task = context.tasks.get(key);
    const signal = task?.controller.signal;
    return task && signal && !signal.aborted
      ? [{ key, file: task.file, profile: task.profile, signal }]
      : [];
  });
  if (files.length === 0) return;
  try {
    const results = await createUploads(context, files);
    for (const [index, file] of files.entries()) {
      if (index > 0 && index % STARTS_PER_TASK === 0) await context.env.nextTask();
      const result = results[index];
      if (!result) throw new Error("The server answered with fewer uploads than files.");
      startFile(context, file, result);
    }
  } catch (error) {
    for (const { key, signal } of files) failFile(context, key, signal, error);
  }
}

/** Stops only when every file of the batch is canceled. */
function createUploads({ env, store }: EngineContext, files: readonly Candidate[]) {
  const controller = new AbortController();
  for (const { signal } of files) {
    signal.addEventListener("abort", () => {
      if (files.every((file) => file.signal.aborted)) controller.abort();
    });
  }
  const inputs = files.map(({ file, profile }) => ({
    name: file.name,
    sizeBytes: file.size,
    contentType: contentTypeOf(file),
    profile,
  }));
  const idempotencyKey = newIdempotencyKey();
  // A request that creates uploads is never stopped: the engine must know what it created to discard it.
  const create = () => env.api.create(inputs, idempotencyKey, neverAborted);
  const onWaiting = (waiting: Waiting | undefined) => {
    for (const { key, signal } of files) store.dispatch({ type: "waiting", key, signal, waiting });
  };
  return withRetry(create, env, controller.signal, { onWaiting });
}

type Result = Awaited<ReturnType<UploadApi["create"]>>[number];

function startFile(context: EngineContext, { key, signal }: Candidate, result: Result): void {
  const nowMs = context.env.now();
  if ("error" in result) {
    const outcome = apiOutcome({ status: 400, ...result.error }, nowMs);
    failFile(context, key, signal, new UploadError(outcome));
    return;
  }
  const open = { ...result, resumed: false, expiresAtMs: expiryMs(result.upload, nowMs) };
  if (signal.aborted) discardUpload(context, open);
  else void runFile(context, key, open, () => openMore(context));
}
