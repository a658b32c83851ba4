import type { Piece } from "./part.ts";
import type { Pool } from "./pool.ts";
import type { Put } from "./ports.ts";
import { type Patience, persist, type Waiting } from "./retry.ts";
import type { Signer } from "./signer.ts";
import { Trouble } from "./upload-error.ts";

/** No more lanes than the pool has places could ever move at once. */
const LANES = 6;
/** A fresh signature that is refused so often is not refused for its age. */
const REFUSALS = 3;

/**
 * The bytes of a piece. The whole file is sent as itself: Chromium's browser process copies a slice
 * byte by byte, which made a single PUT of 512 MiB take 3.4 s instead of 1.6 s.
 */
function bodyOf(file: Blob, { start, end }: Piece): Blob {
  return start === 0 && end === file.size ? file : file.slice(start, end);
}

/**
 * Sends `pieces` of `file`, up to six at a time within the pool. Resolves when all have arrived; at
 * the first failure the others are stopped, and that failure is thrown.
 *
 * @param onExists is called when storage has an object already at the URL of the single PUT, which may be
 *   another file: its checksum decides.
 * @param onBytes hears the bytes of these pieces that are on their way or have arrived. The figure
 *   falls when a piece must be sent again.
 */
export async function sendPieces(options: {
  file: Blob;
  pieces: Piece[];
  signer: Signer;
  put: Put;
  pool: Pool;
  world: Patience;
  signal: AbortSignal;
  onExists(): void;
  onBytes(sentBytes: number): void;
  onWaiting(waiting: Waiting | undefined): void;
  /** When the upload expires, in milliseconds since the epoch. */
  untilMs: number;
}): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const sent = new Map<Piece, number>();
  let total = 0;
  const count = (piece: Piece, bytes: number) => {
    total += bytes - (sent.get(piece) ?? 0);
    sent.set(piece, bytes);
    options.onBytes(total);
  };

  async function once(piece: Piece, fresh: boolean): Promise<void> {
    const request = await options.signer.request(piece.partNumber, fresh);
    await options.pool.run(signal, async () => {
      try {
        const body = bodyOf(options.file, piece);
        const onProgress = (bytes: number) => count(piece, Math.min(bytes, body.size));
        await options.put(request, body, { signal, onProgress });
        count(piece, body.size);
      } catch (error) {
        count(piece, 0);
        throw error;
      }
    });
  }

  /** A request that got no answer may be the file's fault: a changed file cannot be read any more. */
  async function readable(piece: Piece): Promise<void> {
    try {
      await options.file.slice(piece.start, piece.start + 1).arrayBuffer();
    } catch {
      throw new Trouble({ type: "fail", problem: { type: "unreadable" } });
    }
  }

  async function whole(piece: Piece): Promise<void> {
    let fresh = false;
    let refusals = 0;
    const attempt = async () => {
      try {
        await once(piece, fresh);
      } catch (error) {
        if (signal.aborted || !(error instanceof Trouble)) throw error;
        if (error.outcome.type === "exists") {
          options.onExists();
          return count(piece, piece.end - piece.start);
        }
        if (error.outcome.type === "again") await readable(piece);
        if (error.outcome.type !== "sign") throw error;
        refusals += 1;
        if (refusals >= REFUSALS) {
          throw new Trouble({ type: "fail", problem: { type: "denied" } });
        }
        fresh = true;
        throw new Trouble({ type: "again", afterMs: 0 });
      }
    };
    const { onWaiting, untilMs } = options;
    await persist(attempt, options.world, signal, { onWaiting, untilMs });
  }

  const left = [...options.pieces];
  const lane = async () => {
    try {
      for (let piece = left.shift(); piece; piece = left.shift()) await whole(piece);
    } catch (error) {
      // The first failure wins: what the abort makes of the other lanes is not news.
      failed.abort(error);
      throw error;
    }
  };
  const lanes = Array.from({ length: Math.min(LANES, left.length) }, lane);
  const results = await Promise.allSettled(lanes);
  options.signal.throwIfAborted();
  if (results.some((result) => result.status === "rejected")) throw failed.signal.reason;
}
