/** The two local stacks that `npm run pipeline` deploys: each has its own data folder and runs from a clone. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { writeDurably } from "../../packages/aws-local/disk/durable.ts";
import { type Run, readRun } from "../../packages/stack/run.ts";
import { freePort } from "../../packages/testing/ports.ts";
import type { Target } from "../stages.ts";
import { start } from "./command.ts";
import { end, isAlive, ProcessRef, startTimeOf } from "./process.ts";

const READY_TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 250;
/** Production keeps its port over all deliveries. */
const PRODUCTION_PORT = 3100;

const Stored = ProcessRef.extend({ commit: z.string() });
type Stored = z.infer<typeof Stored>;
const Health = z.object({ ok: z.literal(true), commit: z.string().optional() });

export interface Instance {
  /** The pipeline's own folder. */
  folder: string;
  target: Target;
}
// These names are in folders that earlier versions wrote.
const fileOf = ({ folder, target }: Instance) => join(folder, target, "home.json");
const logOf = ({ folder, target }: Instance) => join(folder, target, "home.log");
const dataOf = ({ folder, target }: Instance) => join(folder, target, "data");

/** The commit that the instance runs, and its run file. */
export async function running(
  instance: Instance,
): Promise<{ commit: string; run: Run } | undefined> {
  const stored = await read(instance);
  if (!stored || !(await isAlive(stored))) return undefined;
  const run = await readRun(dataOf(instance)).catch(() => undefined);
  return run && { commit: stored.commit, run };
}

/** Stops the stack and keeps its data. Resolves with true if it was running. */
export async function stop(instance: Instance): Promise<boolean> {
  const stored = await read(instance);
  const wasRunning = stored !== undefined && (await isAlive(stored));
  if (stored) await end(stored);
  await rm(fileOf(instance), { force: true });
  return wasRunning;
}

/**
 * Runs the commit, and resolves with its URL when it is ready. Staging ends with the pipeline. Production keeps running
 * and replaces the earlier release.
 */
export async function deploy(
  instance: Instance,
  clone: string,
  commit: string,
  signal: AbortSignal,
): Promise<string> {
  const current = await running(instance);
  if (current?.commit === commit) return waitUntilReady(instance, commit, signal);
  await stop(instance);
  await mkdir(dataOf(instance), { recursive: true });
  const env = await environment(instance);
  const args = [join(clone, "scripts/start.mjs")];
  const child =
    instance.target === "production"
      ? startDetached(args, clone, env, logOf(instance))
      : start({ program: process.execPath, args, cwd: clone, env, signal });
  const { pid } = child;
  const born = pid === undefined ? undefined : await startTimeOf(pid);
  if (pid === undefined || born === undefined) {
    throw new CliError(`${instance.target} ended immediately.`);
  }
  const stored: Stored = { pid, born, commit };
  await writeDurably(fileOf(instance), `${JSON.stringify(stored)}\n`);
  return waitUntilReady(instance, commit, signal);
}

async function environment(instance: Instance): Promise<NodeJS.ProcessEnv> {
  const isProduction = instance.target === "production";
  const base = isProduction
    ? Number(process.env.RUSHES_PIPELINE_PORT ?? PRODUCTION_PORT)
    : undefined;
  const port = async (offset: number) => String(base ? base + offset : await freePort());
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    RUSHES_DATA_DIR: dataOf(instance),
    RUSHES_PORT: await port(0),
    RUSHES_MAIL_PORT: await port(1),
    RUSHES_S3_PORT: await port(2),
    RUSHES_MEDIA_PORT: await port(3),
  };
  for (const name of Object.keys(env)) if (/^(npm_|RUSHES_PIPELINE)/.test(name)) delete env[name];
  // With this variable, npm start ends when the process that started it ends.
  if (!isProduction) env.npm_lifecycle_event = "start";
  return env;
}

function startDetached(args: string[], cwd: string, env: NodeJS.ProcessEnv, log: string) {
  const file = openSync(log, "a", 0o600);
  try {
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", file, file],
    });
    child.unref();
    return child;
  } finally {
    closeSync(file);
  }
}

async function waitUntilReady(
  instance: Instance,
  commit: string,
  signal: AbortSignal,
): Promise<string> {
  const { target } = instance;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const stored = await read(instance);
    if (!stored || !(await isAlive(stored))) {
      const where = target === "production" ? ` See ${logOf(instance)}.` : "";
      throw new CliError(`${target} ended while it was starting.${where}`);
    }
    const run = await readRun(dataOf(instance)).catch(() => undefined);
    const url = run && new URL(run.addresses.dashboard).origin;
    if (url !== undefined && (await isServing(url, commit))) return url;
    await wait(POLL_MS, undefined, { signal });
  }
  throw new CliError(`${target} was not ready within ${READY_TIMEOUT_MS / 60_000} minutes.`);
}

async function isServing(url: string, commit: string): Promise<boolean> {
  const health = await fetch(`${url}/api/health`)
    .then((response) => response.json())
    .then((body) => Health.parse(body))
    .catch(() => undefined);
  // The health of old releases has no commit.
  return health !== undefined && (health.commit ?? commit) === commit;
}

async function read(instance: Instance): Promise<Stored | undefined> {
  const text = await readFile(fileOf(instance), "utf8").catch(() => undefined);
  return text === undefined ? undefined : Stored.parse(JSON.parse(text));
}
