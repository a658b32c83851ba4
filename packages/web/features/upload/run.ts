import type { SignedRequest, Info as Upload } from "@rushes/core/upload/schema";
import { crc64Of } from "./crc64.ts";
import { missing, pieces } from "./part.ts";
import type { Pool } from "./pool.ts";
import type { Put, UploadApi } from "./ports.ts";
import { type Patience, persist, type Waiting } from "./retry.ts";
import { sendPieces } from "./send.ts";
import { createSigner } from "./signer.ts";
import { Trouble } from "./upload-error.ts";

/** What a run needs of the world. */
export interface World extends Patience {
  api: UploadApi;
  put: Put;
  pool: Pool;
}

/** What a run tells, in this order; `onBytes` and `onWaiting` any number of times. */
export interface Ears {
  onOpened(upload: Upload, sentBytes: number): void;
  onBytes(sentBytes: number): void;
  onWaiting(waiting: Waiting | undefined): void;
  onSent(): void;
  onFollowed(jobId: string | undefined): void;
}

/** An upload as the server made it, and the first requests if it has just been made. */
export interface Opened {
  upload: Upload;
  requests: SignedRequest[];
  /** True when an earlier run has sent some of it already. */
  resumed: boolean;
  /** When the upload expires, by this machine's clock, in milliseconds since the epoch. */
  untilMs: number;
}

/** The upload's lifetime from now on. The server's clock and this machine's may be days apart. */
export function untilMs({ time }: Pick<Upload, "time">, nowMs: number): number {
  return nowMs + Date.parse(time.expires) - Date.parse(time.created);
}

/** From 250 ms in steps of a half more up to 3 s; after about five minutes we stop asking. */
const FOLLOW = { firstMs: 250, factor: 1.5, longestMs: 3_000, rounds: 110 };
/** Complete says "incomplete" when a part was lost; sending what is missing helps, once or twice. */
const REPAIRS = 3;

/**
 * Takes one opened upload to its end: sends what is missing, completes it, follows it until its job
 * is known. Rejects with a `Trouble` or the signal's reason.
 */
export async function run(
  file: Blob,
  opened: Opened,
  world: World,
  ears: Ears,
  signal: AbortSignal,
): Promise<void> {
  const { upload } = opened;
  const { id } = upload;
  // Parts that are signed go on without a session: what they say must not hide that all else waits.
  let signedOut = false;
  const asking = (waiting: Waiting | undefined) => {
    signedOut = waiting === "signed_out";
    ears.onWaiting(waiting);
  };
  const sending = (waiting: Waiting | undefined) => {
    if (!signedOut) ears.onWaiting(waiting);
  };
  const { untilMs } = opened;
  const ask = <T>(call: () => Promise<T>) =>
    persist(call, world, signal, { onWaiting: asking, untilMs });
  const all = pieces(upload.plan, file.size);
  const listed = async () =>
    upload.plan.kind === "single"
      ? all
      : missing(all, await ask(() => world.api.parts(id, signal)));

  const complete = async (mayDiffer: boolean) => {
    const crc64nvme = mayDiffer ? await checksumOf(file, signal) : undefined;
    return ask(() => world.api.complete(id, crc64nvme, signal));
  };

  if (opened.resumed) {
    // The last run may have lost no more than the answer to its last request.
    const now = await ask(() => world.api.fromId(id, signal));
    if (now.status === "completing" || now.status === "completed") {
      ears.onOpened(upload, file.size);
      // It is not known here whether the last run's PUT was answered.
      if (upload.plan.kind === "single") await complete(true);
      ears.onSent();
      ears.onFollowed(now.jobId ?? (await follow(id, world, ask, signal)));
      return;
    }
  }
  let left = opened.resumed ? await listed() : all;
  let first = opened.requests;
  const size = (of: typeof all) => of.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  ears.onOpened(upload, file.size - size(left));

  for (let repairs = 0; ; repairs += 1) {
    const before = file.size - size(left);
    const signer = createSigner({
      sign: (numbers) => ask(() => world.api.sign(id, numbers, signal)),
      partNumbers: left.flatMap((piece) => piece.partNumber ?? []),
      first,
      now: world.now,
    });
    let exists = false;
    await sendPieces({
      put: world.put,
      pool: world.pool,
      world,
      ...{ file, pieces: left, signer, signal },
      onExists: () => {
        exists = true;
      },
      onBytes: (bytes) => ears.onBytes(before + bytes),
      onWaiting: sending,
      untilMs,
    });
    try {
      const completed = await complete(exists);
      ears.onSent();
      ears.onFollowed(completed.jobId ?? (await follow(id, world, ask, signal)));
      return;
    } catch (error) {
      const repairable = error instanceof Trouble && error.outcome.type === "incomplete";
      if (!repairable || repairs >= REPAIRS) throw error;
      left = await listed();
      first = [];
    }
  }
}

/** Rejects with the problem `unreadable` when the file has changed since it was chosen. */
async function checksumOf(file: Blob, signal: AbortSignal): Promise<string> {
  try {
    return await crc64Of(file, signal);
  } catch {
    signal.throwIfAborted();
    throw new Trouble({ type: "fail", problem: { type: "unreadable" } });
  }
}

/**
 * The job of an upload, or undefined if the service takes longer than we care to ask: every byte is
 * safe by then, and the job will show in the list.
 */
async function follow(
  id: string,
  world: World,
  ask: (call: () => Promise<Upload>) => Promise<Upload>,
  signal: AbortSignal,
): Promise<string | undefined> {
  let waitMs = FOLLOW.firstMs;
  for (let round = 0; round < FOLLOW.rounds; round += 1) {
    const upload = await ask(() => world.api.fromId(id, signal));
    if (upload.jobId) return upload.jobId;
    if (upload.status === "aborted" || upload.status === "expired") {
      throw new Trouble({ type: "fail", problem: { type: "expired" } });
    }
    await world.sleep(waitMs, signal);
    waitMs = Math.min(waitMs * FOLLOW.factor, FOLLOW.longestMs);
  }
  return undefined;
}
