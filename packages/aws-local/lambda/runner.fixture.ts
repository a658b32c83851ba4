/** A runner in a folder of its own for each test, with the handler in `fixtures`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Wiring } from "@rushes/core/wiring";
import { afterEach, beforeEach } from "vitest";
import { type BusEvent, type Runner, start } from "./index.ts";

export let folder: string;
let runner: Runner | undefined;
/** What the end of the test runs after the runner has closed. */
export const cleanUp: (() => Promise<unknown>)[] = [];

export function wire(change: Partial<Wiring> = {}): Wiring {
  return {
    tables: [],
    buckets: [],
    queues: {
      work: {
        visibilityTimeoutSeconds: 30,
        maxReceiveCount: 3,
        deadLetter: "work-dead",
        subscriber: { function: "obey", batchSize: 10, maximumConcurrency: 2 },
      },
    },
    functions: { obey: { handler: "handler.ts", timeoutSeconds: 1, onFailure: "obey-dead" } },
    rules: [{ name: "rule", pattern: { source: ["test"] }, function: "obey" }],
    schedules: [],
    ...change,
  };
}

/** Starts the runner, which the end of the test closes. */
export const boot = async (
  wiring = wire(),
  env: Record<string, string> = {},
  nextWrite?: () => Promise<void>,
  // As many as the handlers that a test needs at once.
  workers = 2,
) => {
  runner = await start({
    dataDir: join(folder, "runner"),
    root: join(import.meta.dirname, "fixtures"),
    wiring,
    env: { TEST_LOG: join(folder, "log"), ...env },
    workers,
    nextWrite,
    delayMs: () => 20,
  });
  return runner;
};

export async function stop(): Promise<void> {
  await runner?.close();
  runner = undefined;
}

/** The lines that the handler wrote: its starts and ends. */
export const log = async () =>
  (await readFile(join(folder, "log"), "utf8").catch(() => "")).split("\n").filter(Boolean);
export const count = async (line: string) => (await log()).filter((one) => one === line).length;
export const order = (id: string, act?: string) => JSON.stringify({ id, act });
export const busEvent = (id: string, act?: string, source = "test"): BusEvent => ({
  version: "0",
  id,
  "detail-type": "Order",
  source,
  account: "0",
  time: new Date(0).toISOString(),
  region: "r",
  resources: [],
  detail: { id, act },
});
export const eventually = { timeout: 20_000, interval: 20 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-runner-"));
});
afterEach(async () => {
  await stop();
  for (const run of cleanUp.splice(0)) await run();
  await rm(folder, { recursive: true, force: true });
});
