/**
 * Reads every object once a week and compares its bytes with its hashes, because disks change bytes silently. It
 * reads slowly, and continues after a restart where it stopped.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { ScrubOptions } from "./config.ts";
import type { Services } from "./context.ts";
import { findDamage } from "./integrity.ts";
import { pinObject } from "./read.ts";
import { parseObjectName } from "./store.ts";

export const SCRUB: ScrubOptions = {
  delayMs: 10 * 60_000,
  bytesPerSecond: 8 * 1024 * 1024,
  everyMs: 7 * 86_400_000,
};

/** The number of objects after which the progress is stored. */
const PAGE = 100;

type ScrubServices = Pick<Services, "store" | "blobs" | "report">;

export function startScrub(
  services: ScrubServices,
  { delayMs, bytesPerSecond, everyMs }: ScrubOptions,
  onError: (error: unknown) => void,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const { signal } = stop;
  const pause = (ms: number) => wait(ms, undefined, { signal, ref: false });
  const throttle = (bytes: number) => pause((bytes / bytesPerSecond) * 1000);

  async function run(): Promise<void> {
    await pause(delayMs);
    for (;;) {
      const { cursor, finished = 0 } = (await services.store.get("scrub", "state")) ?? {};
      const due = cursor === undefined ? finished + everyMs - Date.now() : 0;
      // A day at most: a timer cannot wait for longer than 24.8 days.
      if (due > 0) await pause(Math.min(due, 86_400_000));
      else await scrubAll(services, cursor ?? "", throttle);
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

async function scrubAll(
  services: ScrubServices,
  from: string,
  throttle: (bytes: number) => Promise<void>,
) {
  for (let cursor = from; ; ) {
    const names = await namesAfter(services, cursor);
    for (const name of names) await scrubObject(services, name, throttle);
    const last = names.at(-1);
    const state = last === undefined ? { finished: Date.now() } : { cursor: last };
    await services.store.commit(async (transaction) => transaction.put("scrub", "state", state));
    if (last === undefined) return;
    cursor = last;
  }
}

/** Reads a page at a time: LevelDB keeps everything that an open iterator may still read. */
async function namesAfter({ store }: ScrubServices, cursor: string): Promise<string[]> {
  const names: string[] = [];
  for await (const [name] of store.scan("object", "", cursor)) {
    if (name === cursor) continue;
    names.push(name);
    if (names.length === PAGE) break;
  }
  return names;
}

async function scrubObject(
  services: ScrubServices,
  name: string,
  throttle: (bytes: number) => Promise<void>,
) {
  const { bucket, key } = parseObjectName(name);
  const pinned = await pinObject(services, bucket, key);
  if (!pinned) return;
  try {
    const options = { pathOf: (blob: string) => services.blobs.pathOf(blob), throttle };
    const damage = await findDamage(options, pinned.row);
    for (const extent of damage) services.report({ bucket, key, ...extent });
  } finally {
    pinned.release();
  }
}
