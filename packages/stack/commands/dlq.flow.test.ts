import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Runner, start } from "@rushes/aws-local/lambda/index";
import type { Listening } from "@rushes/aws-local/wire/listen";
import { runCommand } from "@rushes/testing/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startControl } from "../control.ts";
import { writeRun } from "../run.ts";

let folder: string;
let runner: Runner;
let control: Listening;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-dlq-"));
  runner = await start({
    dataDir: join(folder, "runner"),
    root: join(import.meta.dirname, "../../aws-local/lambda/fixtures"),
    wiring: {
      tables: [],
      buckets: [],
      queues: {},
      rules: [],
      schedules: [],
      functions: { obey: { handler: "handler.ts", timeoutSeconds: 5, onFailure: "obey-dead" } },
    },
    env: { TEST_LOG: join(folder, "log") },
    delayMs: () => 10,
  });
  control = await startControl({ host: "127.0.0.1", token: "control" }, runner);
  await writeRun(folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    env: {},
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: "http://127.0.0.1:3001" },
    control: { url: control.url, token: "control" },
  });
});
afterAll(async () => {
  await control.close();
  await runner.close();
  await rm(folder, { recursive: true, force: true });
});

const dlq = (...args: string[]) =>
  runCommand({ command: join(import.meta.dirname, "dlq.ts"), args, dataDir: folder });

test("npm run dlq lists the dead-letter messages with their errors and sends them again", async () => {
  expect(await dlq("list")).toMatchObject({ code: 0, out: "No failed messages.\n" });
  await runner.invokeAsync("obey", { detail: { id: "bad", act: "throw" } });
  await expect.poll(() => runner.deadLetters.list(), { timeout: 10_000 }).toHaveLength(1);
  const { out } = await dlq("list", "obey-dead");
  expect(out).toMatch(/^obey-dead {2}\S+ {2}after 3 attempts\n {2}Error: told to throw: bad\n/);
  expect(await dlq("redrive", "none")).toMatchObject({ out: "Sent 0 messages again.\n" });
  expect(await dlq("redrive")).toMatchObject({ code: 0, out: "Sent 1 message again.\n" });
  await expect.poll(() => runner.deadLetters.list(), { timeout: 10_000 }).toHaveLength(1);
  expect(await dlq()).toMatchObject({ code: 1, said: expect.stringContaining("Usage") });
});
