import { CONNECTIONS } from "../upload/plan.ts";
import type { Hashes } from "./hashes.ts";
import type { Part } from "./part.ts";
import type { Pool } from "./pool.ts";
import type { Put } from "./ports.ts";
import { type RetryEnvironment, type Waiting, withRetry } from "./retry.ts";
import type { Signer } from "./signer.ts";
import { UploadError } from "./upload-error.ts";

/** The pool has as many slots, so more workers could not send at once. */
const WORKERS = CONNECTIONS;
/**
 * Parts that are hashed and signed while others are sent: the next two of each worker. With one, a request to sign that
 * takes long leaves connections idle.
 */
const AHEAD = 2 * WORKERS;
/** A fresh signature that is rejected this often is not rejected because of its age. */
const MAX_REJECTIONS = 3;

type Options = {
  file: Blob;
  parts: Part[];
  hashes: Hashes;
  signer: Signer;
  put: Put;
  pool: Pool;
  env: RetryEnvironment;
  signal: AbortSignal;
  /**
   * Called when the storage already has an object at the URL of the single PUT, which may be another file:
   * its checksum decides.
   */
  onExists(): void;
  /**
   * Called with the number of bytes of these parts that are in flight or stored. It decreases when a part must be sent
   * again.
   */
  onBytes(sentBytes: number): void;
  onWaiting(waiting: Waiting | undefined): void;
  /** When the upload expires, in milliseconds since the epoch. */
  expiresAtMs: number;
};
/** The state that the workers share. */
type Sending = Omit<Options, "onBytes"> & {
  /** Records how many bytes of a part are in flight or stored. */
  report(part: Part, bytes: number): void;
};

/**
 * The bytes of a part. A whole file is sent as itself: Chromium's browser process copies a slice byte by
 * byte, which made a single PUT of 512 MiB take 3.4 s instead of 1.6 s.
 */
function bodyOf(file: Blob, { start, end }: Part): Blob {
  return start === 0 && end === file.size ? file : file.slice(start, end);
}

/**
 * Sends `parts` of `file`, up to six at a time within the pool. Resolves when all are stored. At the first
 * failure it stops the others and throws that failure.
 */
export async function sendParts(options: Options): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const sending: Sending = { ...options, signal, report: byteCounter(options.onBytes) };
  const left = [...options.parts];
  const worker = async () => {
    try {
      for (let part = left.shift(); part; part = left.shift()) {
        // First, because the parts ahead share one hasher with it.
        const crc64nvme = sending.hashes.of(part);
        for (const next of left.slice(0, AHEAD)) prepare(sending, next);
        await sendPart(sending, part, await crc64nvme);
      }
    } catch (error) {
      // The first failure wins. The abort also makes the other workers fail, with no new information.
      failed.abort(error);
      throw error;
    }
  };
  const workers = Array.from({ length: Math.min(WORKERS, left.length) }, worker);
  const results = await Promise.allSettled(workers);
  options.signal.throwIfAborted();
  if (results.some((result) => result.status === "rejected")) throw failed.signal.reason;
}

/** Hashes a part and has it signed, before it is its turn. */
function prepare({ hashes, signer }: Sending, part: Part): void {
  if (hashes.has(part)) return;
  hashes.of(part).then(
    (crc64nvme) => signer.prepare({ partNumber: part.partNumber, crc64nvme }),
    // The worker that sends it sees the error.
    () => {},
  );
}

/** Adds up the bytes of all parts. */
function byteCounter(onBytes: (sentBytes: number) => void): Sending["report"] {
  const sent = new Map<Part, number>();
  let total = 0;
  return (part, bytes) => {
    total += bytes - (sent.get(part) ?? 0);
    sent.set(part, bytes);
    onBytes(total);
  };
}

/** Sends one part with retries, and signs it again if the storage rejects the signature. */
async function sendPart(sending: Sending, part: Part, crc64nvme: string): Promise<void> {
  const { env, signal, onWaiting, expiresAtMs } = sending;
  let fresh = false;
  let rejections = 0;
  const attempt = async () => {
    try {
      await putOnce(sending, part, crc64nvme, fresh);
    } catch (error) {
      if (signal.aborted || !(error instanceof UploadError)) throw error;
      if (error.outcome.type === "exists") {
        sending.onExists();
        return sending.report(part, part.end - part.start);
      }
      if (error.outcome.type === "retry") await assertReadable(sending.file, part);
      if (error.outcome.type !== "sign") throw error;
      rejections += 1;
      if (rejections >= MAX_REJECTIONS) {
        throw new UploadError({ type: "fail", problem: { type: "denied" } });
      }
      fresh = true;
      throw new UploadError({ type: "retry", afterMs: 0 });
    }
  };
  await withRetry(attempt, env, signal, { onWaiting, expiresAtMs });
}

async function putOnce(
  sending: Sending,
  part: Part,
  crc64nvme: string,
  fresh: boolean,
): Promise<void> {
  const { file, signal, report } = sending;
  const { partNumber } = part;
  const request = await sending.signer.request({ partNumber, crc64nvme }, fresh);
  await sending.pool.run(signal, async () => {
    try {
      const body = bodyOf(file, part);
      const onProgress = (bytes: number) => report(part, Math.min(bytes, body.size));
      await sending.put(request, body, { signal, onProgress });
      report(part, body.size);
    } catch (error) {
      report(part, 0);
      throw error;
    }
  });
}

/** A request without a response may be due to the file: the browser cannot read a file that has changed. */
async function assertReadable(file: Blob, part: Part): Promise<void> {
  try {
    await file.slice(part.start, part.start + 1).arrayBuffer();
  } catch {
    throw new UploadError({ type: "fail", problem: { type: "unreadable" } });
  }
}
