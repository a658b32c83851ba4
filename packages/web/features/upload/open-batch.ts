import { contentTypeOf } from "@rushes/core/transfer/content-type";
import { apiOutcome } from "@rushes/core/transfer/outcome";
import {
  checksumsUnder,
  type PlannedHashes,
  plannedHashes,
} from "@rushes/core/transfer/planned-hashes";
import type { UploadApi } from "@rushes/core/transfer/ports";
import { type Waiting, withRetry } from "@rushes/core/transfer/retry";
import { expiryMs, type OpenUpload } from "@rushes/core/transfer/run";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { CONNECTIONS } from "@rushes/core/upload/plan";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { claimFiles } from "./claim-files.ts";
import type { EngineContext } from "./engine-context.ts";
import { hashToCompare, setAside } from "./existing-file.ts";
import { discardUpload, failFile, neverAborted, runFile } from "./file-task.ts";
import { hashFirstParts } from "./first-hashes.ts";
import { fingerprintOf, matchUnfinished } from "./resume.ts";

/** The most files that one request to the API may name. */
const BATCH = 100;
/**
 * The most bytes of small files in one batch. They are hashed before it opens, which saves each a request to sign it, and
 * takes less than half a second.
 */
const HASHED_BYTES = 64 * 1024 ** 2;
/**
 * The files that open first if nothing is being sent: two for each connection. While they are sent, the others are hashed
 * and created.
 */
const FIRST = 2 * CONNECTIONS;
/** The most uploads that start in one task of the page: a hundred at once would block it. */
export const STARTS_PER_TASK = 10;

type Candidate = {
  key: string;
  file: File;
  profile?: string | undefined;
  again?: boolean | undefined;
  signal: AbortSignal;
  crc64nvme?: string;
  /** The checksums of the first parts, or of all if the file was compared with a video. */
  hashes?: PlannedHashes | undefined;
};

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
  void openBatch(context, queue.splice(0, batchLength(context))).then(() => {
    context.isOpening = false;
    openMore(context);
  });
}

/** How many files of the queue open together: at least one. */
function batchLength({ env, queue, tasks }: EngineContext): number {
  let bytes = 0;
  const end = queue.findIndex((key, index) => {
    const file = tasks.get(key)?.file;
    if (file && file.size <= env.smallBytes) bytes += file.size;
    return index === BATCH || (index > 0 && bytes > HASHED_BYTES);
  });
  return end === -1 ? queue.length : end;
}

/** Hashes the small files. Those that cannot be read fail, and are left out. */
async function hashSmall(
  context: EngineContext,
  files: readonly Candidate[],
): Promise<Candidate[]> {
  const hashed = await Promise.all(
    files.map(async (file): Promise<Candidate[]> => {
      if (file.file.size > context.env.smallBytes) return [file];
      try {
        return [{ ...file, crc64nvme: await hashOf(context, file) }];
      } catch (error) {
        failFile(context, file.key, file.signal, error);
        return [];
      }
    }),
  );
  return hashed.flat();
}

function hashOf(context: EngineContext, candidate: Candidate): Promise<string> {
  const { env } = context;
  const { file, signal } = candidate;
  const onWaiting = waitingOf(context, [candidate]);
  return withRetry(() => env.hash(file, signal), env, signal, { onWaiting });
}

/** Shows what these files wait for. */
const waitingOf =
  ({ store }: EngineContext, files: readonly Candidate[]) =>
  (waiting: Waiting | undefined) => {
    for (const { key, signal } of files) store.dispatch({ type: "waiting", key, signal, waiting });
  };

/** Continues the unfinished uploads of up to 100 files, and creates those of the others. */
async function openBatch(context: EngineContext, keys: readonly string[]): Promise<void> {
  const chosen = keys.flatMap((key): Candidate[] => {
    const task = context.tasks.get(key);
    const signal = task?.controller.signal;
    return task && signal && !signal.aborted
      ? [{ key, file: task.file, profile: task.profile, again: task.again, signal }]
      : [];
  });
  // A file that another tab has left opens after this batch, not in it.
  const openLater = (key: string) => {
    context.queue.unshift(key);
    openMore(context);
  };
  const claimed = await claimFiles(context, chosen, openLater);
  if (claimed.length === 0) return;
  const listing = listUnfinished(context, claimed);
  // Its error arrives below.
  listing.catch(() => {});
  const isIdle = context.unsentCount === 0;
  const [next] = claimed;
  if (isIdle && next) next.hashes = hashFirstParts(context.env, next.file, next.signal);
  const count = isIdle ? FIRST : claimed.length;
  const first = hashSmall(context, claimed.slice(0, count));
  const others = hashSmall(context, claimed.slice(count));
  await openHashed(context, await first, listing);
  await openHashed(context, await others, listing);
}

/** Continues the uploads of these files that `listing` has, and creates those of the others. */
async function openHashed(
  context: EngineContext,
  files: readonly Candidate[],
  listing: Promise<readonly Upload[]>,
): Promise<void> {
  try {
    const unfinished = matchUnfinished(context, files, await listing);
    await createBatch(
      context,
      files.filter((file) => !unfinished.has(file)),
    );
    for (const [{ key, signal, hashes }, open] of unfinished) {
      const checksums = checksumsUnder(open.upload.plan, hashes);
      // What is canceled meanwhile stays unfinished, as it was.
      if (!signal.aborted) void runFile(context, key, { ...open, checksums });
    }
  } catch (error) {
    for (const { key, signal } of files) failFile(context, key, signal, error);
  }
}

/**
 * The unfinished uploads that may be of these files. Listed while small files are hashed, and of those only for the first
 * ones of a page: an upload that takes a moment was hardly interrupted elsewhere in the meantime.
 */
async function listUnfinished(
  context: EngineContext,
  files: readonly Candidate[],
): Promise<Upload[]> {
  const { env } = context;
  const large = files.filter(({ file }) => file.size > env.smallBytes);
  if (context.hasListed && large.length === 0) return [];
  const signal = untilCanceled(files);
  const list = () => env.api.openUploads(signal);
  const listed = await withRetry(list, env, signal, { onWaiting: waitingOf(context, files) });
  context.hasListed = true;
  return listed;
}

/** Aborts when every one of these files is canceled. */
function untilCanceled(files: readonly Candidate[]): AbortSignal {
  const controller = new AbortController();
  for (const { signal } of files) {
    signal.addEventListener("abort", () => {
      if (files.every((file) => file.signal.aborted)) controller.abort();
    });
  }
  return controller.signal;
}

/** Creates the uploads of these files, then starts those that the server granted. */
async function createBatch(context: EngineContext, files: readonly Candidate[]): Promise<void> {
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

function createUploads(context: EngineContext, files: readonly Candidate[]) {
  const { env } = context;
  const inputs = files.map(({ file, profile, again, crc64nvme }) => ({
    name: file.name,
    sizeBytes: file.size,
    contentType: contentTypeOf(file),
    profile,
    crc64nvme,
    fingerprint: fingerprintOf(file),
    onlyNew: !again,
  }));
  const idempotencyKey = newIdempotencyKey();
  // A request that creates uploads is never stopped: the engine must know what it created to discard it.
  const create = () => env.api.create(inputs, idempotencyKey, neverAborted);
  return withRetry(create, env, untilCanceled(files), { onWaiting: waitingOf(context, files) });
}

type Result = Awaited<ReturnType<UploadApi["create"]>>[number];

function startFile(context: EngineContext, candidate: Candidate, result: Result): void {
  const { key, signal, crc64nvme } = candidate;
  const nowMs = context.env.now();
  if ("error" in result) {
    const outcome = apiOutcome({ status: 400, ...result.error }, nowMs);
    failFile(context, key, signal, new UploadError(outcome));
    return;
  }
  if ("existing" in result) {
    if (result.existing.same === "size") void compareWhole(context, candidate);
    else setAside(context, candidate, result.existing);
    return;
  }
  const expiresAtMs = expiryMs(result.upload, nowMs);
  const checksums = checksumsUnder(result.upload.plan, candidate.hashes);
  const open = { ...result, resumed: false, crc64nvme, checksums, expiresAtMs };
  if (signal.aborted) keepOrDiscard(context, candidate, open);
  else void runFile(context, key, open);
}

/** Creates the upload of a file that has the size of a video, unless its checksum is that of the video too. */
async function compareWhole(context: EngineContext, candidate: Candidate): Promise<void> {
  const { key, file, signal } = candidate;
  const hashes = candidate.hashes ?? plannedHashes(file.size);
  try {
    const crc64nvme = await hashToCompare(context, candidate, hashes);
    await createBatch(context, [{ ...candidate, hashes, crc64nvme }]);
  } catch (error) {
    failFile(context, key, signal, error);
  }
}

/** Keeps the new upload of a file that was paused meanwhile. Nobody needs that of a canceled file. */
function keepOrDiscard(context: EngineContext, { key, signal }: Candidate, open: OpenUpload): void {
  const task = context.tasks.get(key);
  // If the file has been resumed by now, it waits for another upload.
  if (task?.controller.signal === signal) {
    task.open = open;
    context.opened.add(open.upload.id);
  } else void discardUpload(context, open);
}
