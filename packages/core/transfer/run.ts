import type { SignedRequest, Info as Upload } from "../upload/schema.ts";
import { type Checksums, createHashes, type Hashes } from "./hashes.ts";
import { missing, type Part, planParts, totalBytes } from "./part.ts";
import type { Pool } from "./pool.ts";
import type { Hash, Put, UploadApi } from "./ports.ts";
import { type RetryEnvironment, type Waiting, withRetry } from "./retry.ts";
import { sendParts } from "./send.ts";
import { createSigner } from "./signer.ts";
import { UploadError } from "./upload-error.ts";

/** Everything that one upload needs from the browser or from Node. */
export interface UploadEnvironment extends RetryEnvironment {
  api: Pick<UploadApi, "fromId" | "parts" | "sign" | "complete">;
  put: Put;
  hash: Hash;
  pool: Pool;
  /** Of the requests that ask for jobs: they must not delay those that complete uploads. */
  polls: Pool;
}

/** The reports of an upload, in this order. `onBytes` and `onWaiting` may be called any number of times. */
export interface UploadCallbacks {
  onOpened(upload: Upload, sentBytes: number): void;
  /** Called before `onOpened`, while the file is compared with what an earlier run has sent. */
  onComparing?(): void;
  onBytes(sentBytes: number): void;
  onWaiting(waiting: Waiting | undefined): void;
  onSent(): void;
  onJob(jobId: string | undefined): void;
}

/** An upload as the server created it, and its first requests if it is new. */
export interface OpenUpload {
  upload: Upload;
  requests: SignedRequest[];
  /** True if an earlier run has sent part of it. */
  resumed: boolean;
  /** True if the file may not be the one of the earlier run. If a part differs, the run rejects with `differs`. */
  mustMatch?: boolean;
  /** The checksum of the file, if it is known already. */
  crc64nvme?: string | undefined;
  /** The checksums that are known, or are being computed, before this run. It adds its own. */
  checksums?: Checksums | undefined;
  /** When the upload expires by this machine's clock, in milliseconds since the epoch. */
  expiresAtMs: number;
}

/** Counts the upload's lifetime from now on: the server's clock and this machine's may be days apart. */
export function expiryMs({ time }: Pick<Upload, "time">, nowMs: number): number {
  return nowMs + Date.parse(time.expires) - Date.parse(time.created);
}

/** After 250 ms, growing by half up to 3 s. Polling stops after about five minutes. */
const POLL = { firstMs: 250, factor: 1.5, longestMs: 3_000, rounds: 110 };
/** Complete returns "incomplete" if a part was lost. Sending the missing parts helps, once or twice. */
const REPAIRS = 3;

type Options = {
  file: Blob;
  open: OpenUpload;
  env: UploadEnvironment;
  callbacks: UploadCallbacks;
  signal: AbortSignal;
};
/** The state that the steps of one run share. */
type Run = Options & {
  id: string;
  /** All parts of the plan. */
  parts: Part[];
  hashes: Hashes;
  /** Calls the API with retries. */
  request<T>(call: () => Promise<T>): Promise<T>;
  /** Reports what the requests to the storage wait for. */
  onSendWaiting(waiting: Waiting | undefined): void;
};

function prepare(options: Options): Run {
  const { file, open, env, callbacks, signal } = options;
  const { expiresAtMs, crc64nvme: whole, checksums } = open;
  // Signed parts continue without a session. Their reports must not hide that everything else waits for one.
  let signedOut = false;
  const onWaiting = (waiting: Waiting | undefined) => {
    signedOut = waiting === "signed_out";
    callbacks.onWaiting(waiting);
  };
  const onSendWaiting = (waiting: Waiting | undefined) => {
    if (!signedOut) callbacks.onWaiting(waiting);
  };
  const hash = (bytes: Blob) =>
    withRetry(() => env.hash(bytes, signal), env, signal, {
      onWaiting: onSendWaiting,
      expiresAtMs,
    });
  return {
    ...options,
    id: open.upload.id,
    parts: planParts(open.upload.plan, file.size),
    hashes: createHashes({ file, hash, signal, whole, checksums }),
    request: (call) => withRetry(call, env, signal, { onWaiting, expiresAtMs }),
    onSendWaiting,
  };
}

/**
 * Completes an open upload: sends the missing parts, completes it, and waits for its job. Rejects with an `UploadError`
 * or the signal's reason.
 */
export async function runUpload(options: Options): Promise<void> {
  const run = prepare(options);
  const { file, open, callbacks } = run;
  if (open.resumed && (await finishCompleted(run))) return;
  let left = open.resumed ? await missingParts(run) : run.parts;
  let requests = open.requests;
  callbacks.onOpened(open.upload, file.size - totalBytes(left));
  for (let repairs = 0; ; repairs += 1) {
    const { exists } = await send(run, left, requests);
    try {
      const completed = await complete(run, exists);
      callbacks.onSent();
      callbacks.onJob(completed.jobId ?? (await waitForJob(run)));
      return;
    } catch (error) {
      const isRepairable = error instanceof UploadError && error.outcome.type === "incomplete";
      if (!isRepairable) throw error;
      // The storage, or something between, has confirmed what did not arrive.
      if (repairs >= REPAIRS) throw new UploadError({ type: "fail", problem: { type: "damaged" } });
      left = await missingParts(run);
      requests = [];
    }
  }
}

/** Ends a resumed upload if only the last response was lost. Returns false if bytes are missing. */
async function finishCompleted(run: Run): Promise<boolean> {
  const { file, open, env, callbacks, signal } = run;
  const current = await run.request(() => env.api.fromId(run.id, signal));
  if (current.status !== "completing" && current.status !== "completed") return false;
  callbacks.onOpened(open.upload, file.size);
  // This run does not know whether the last run's PUT got a response.
  if (open.upload.plan.kind === "single") await complete(run, true);
  callbacks.onSent();
  callbacks.onJob(current.jobId ?? (await waitForJob(run)));
  return true;
}

/** The parts that the storage does not have, or has with other bytes than the file. */
async function missingParts({ open, env, callbacks, id, parts, hashes, request, signal }: Run) {
  if (open.upload.plan.kind === "single") return parts;
  const stored = await request(() => env.api.parts(id, signal));
  if (stored.length > 0) callbacks.onComparing?.();
  const left = new Set(missing(parts, stored));
  const checksums = new Map(stored.map((part) => [part.partNumber, part.crc64nvme]));
  for (const part of parts) {
    const number = part.partNumber ?? 0;
    if (!left.has(part) && (await hashes.of(part)) === checksums.get(number)) continue;
    if (open.mustMatch && checksums.has(number)) throw new UploadError({ type: "differs" });
    left.add(part);
  }
  return parts.filter((part) => left.has(part));
}

/** Sends the parts. `exists` is true if the storage already had an object at the URL of the single PUT. */
async function send(run: Run, parts: Part[], requests: SignedRequest[]) {
  const { file, open, env, callbacks, id, signal } = run;
  const sentBefore = file.size - totalBytes(parts);
  let exists = false;
  await sendParts({
    file,
    parts,
    hashes: run.hashes,
    signer: createSigner({
      sign: (hashed) => run.request(() => env.api.sign(id, hashed, signal)),
      first: requests,
      now: env.now,
    }),
    put: env.put,
    pool: env.pool,
    env,
    signal,
    expiresAtMs: open.expiresAtMs,
    onExists: () => {
      exists = true;
    },
    onBytes: (bytes) => callbacks.onBytes(sentBefore + bytes),
    onWaiting: run.onSendWaiting,
  });
  return { exists };
}

/** @param mayDiffer whether the storage may have an object that is not this file: its checksum decides. */
async function complete(run: Run, mayDiffer: boolean): Promise<Upload> {
  const isChecked = mayDiffer || run.open.upload.plan.kind === "multipart";
  const crc64nvme = isChecked ? await run.hashes.whole(run.parts) : undefined;
  return run.request(() => run.env.api.complete(run.id, crc64nvme, run.signal));
}

/**
 * The job of an upload. Undefined if the service takes longer than five minutes: every byte is stored by
 * then, and the job will appear in the list.
 */
async function waitForJob({ env, id, request, signal }: Run): Promise<string | undefined> {
  let waitMs = POLL.firstMs;
  for (let round = 0; round < POLL.rounds; round += 1) {
    // First, because the pipeline takes longer than an immediate request.
    await env.sleep(waitMs, signal);
    const poll = () => env.polls.run(signal, () => env.api.fromId(id, signal));
    const upload = await request(poll);
    if (upload.jobId) return upload.jobId;
    if (upload.status === "aborted" || upload.status === "expired") {
      throw new UploadError({ type: "fail", problem: { type: "expired" } });
    }
    waitMs = Math.min(waitMs * POLL.factor, POLL.longestMs);
  }
  return undefined;
}
