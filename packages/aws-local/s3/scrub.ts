/**
 * Reads every object now and then and compares its bytes with what was stored, because a disk that changes bytes
 * says nothing. It reads slowly, and goes on after a restart where it was.
 */
import { setTimeout as wait } from "node:timers/promises";
import { damageOf } from "./bytes.ts";
import type { Services } from "./exchange.ts";
import { locate } from "./read.ts";

export interface ScrubOptions {
  /** After the start, which has enough to do. */
  delayMs: number;
  /** A hundredth of what a disk reads: a terabyte takes a day and a half. */
  bytesPerSecond: number;
  /** From the end of one round to the beginning of the next. */
  everyMs: number;
}

export const SCRUB: ScrubOptions = {
  delayMs: 10 * 60_000,
  bytesPerSecond: 8 * 1024 * 1024,
  everyMs: 7 * 86_400_000,
};

/** Objects between two notes of how far it has come. */
const PAGE = 100;

type Parts = Pick<Services, "store" | "blobs" | "report">;

export function startScrub(
  parts: Parts,
  { delayMs, bytesPerSecond, everyMs }: ScrubOptions,
  onError: (error: unknown) => void,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const { signal } = stop;
  const pause = (ms: number) => wait(ms, undefined, { signal, ref: false });
  const pace = (bytes: number) => pause((bytes / bytesPerSecond) * 1000);

  async function run(): Promise<void> {
    await pause(delayMs);
    for (;;) {
      const { cursor, finished = 0 } = (await parts.store.get("scrub", "state")) ?? {};
      const due = cursor === undefined ? finished + everyMs - Date.now() : 0;
      // At most a day at once: a timer cannot wait for longer than 24.8 days.
      if (due > 0) await pause(Math.min(due, 86_400_000));
      else await round(parts, cursor ?? "", pace);
    }
  }

  const running = run().catch((error) => {
    if (!signal.aborted) onError(error);
  });
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function round(parts: Parts, from: string, pace: (bytes: number) => Promise<void>) {
  for (let cursor = from; ; ) {
    const names = await namesAfter(parts, cursor);
    for (const name of names) await scrub(parts, name, pace);
    const last = names.at(-1);
    const state = last === undefined ? { finished: Date.now() } : { cursor: last };
    await parts.store.commit(async (transaction) => transaction.put("scrub", "state", state));
    if (last === undefined) return;
    cursor = last;
  }
}

/** A page at a time: LevelDB keeps everything that an open iterator may still see. */
async function namesAfter({ store }: Parts, cursor: string): Promise<string[]> {
  const names: string[] = [];
  for await (const [name] of store.scan("object", "", cursor)) {
    if (name === cursor) continue;
    names.push(name);
    if (names.length === PAGE) break;
  }
  return names;
}

async function scrub(parts: Parts, name: string, pace: (bytes: number) => Promise<void>) {
  const [bucket = "", ...rest] = name.split("\0");
  const key = rest.join("\0");
  const found = await locate(parts, bucket, key);
  if (!found) return;
  try {
    const reading = { pathOf: parts.blobs.pathOf, pace };
    for (const one of await damageOf(reading, found.row)) parts.report({ bucket, key, ...one });
  } finally {
    found.release();
  }
}
