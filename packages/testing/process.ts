/** Runs the whole local stack in a separate process, on free ports, as `npm start` does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openAccounts } from "@rushes/identity/accounts";
import { openData } from "@rushes/stack/data";
import { type Run, readRun } from "@rushes/stack/run";
import { freePort } from "./ports.ts";
import { quickHash } from "./quick-hash.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Long, because other tests may keep every core busy. */
const READY_MS = 180_000;
const STOP_MS = 15_000;

export interface StackProcess {
  dashboard: string;
  inbox: string;
  /** The environment of the functions and the web app: keys, endpoints. */
  env: Record<string, string>;
  dataDir: string;
  /** The output of the process, and every file in the data folder's `logs`. */
  logs(): Promise<string>;
  /** Sends SIGTERM, waits, and removes the data folder if `spawnStack` created it. */
  stop(): Promise<void>;
  /** Sends SIGKILL to the whole process group, or only to the main process. */
  kill(target: "group" | "main process"): Promise<void>;
}

/** A user who can sign in with the built-in identity provider. */
export interface Account {
  email: string;
  password: string;
  admin?: boolean;
}

export interface SpawnOptions {
  /** Values of RUSHES_* settings. */
  settings?: Record<string, string>;
  /** Users to create before the start. */
  accounts?: readonly Account[];
  /** Use this data folder, and keep it. By default the stack gets a new folder, and `stop` removes it. */
  dataDir?: string;
}

/** Starts the stack, and resolves when it is healthy. */
export async function spawnStack(options: SpawnOptions = {}): Promise<StackProcess> {
  const { settings = {}, accounts = [] } = options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "rushes-stack-")));
  const cleanUp = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  const port = settings.RUSHES_PORT ?? String(await freePort());
  const env = {
    ...withoutSettings(process.env),
    RUSHES_DATA_DIR: dataDir,
    RUSHES_S3_PORT: String(await freePort()),
    RUSHES_MEDIA_PORT: String(await freePort()),
    RUSHES_MAIL_PORT: String(await freePort()),
    // It encodes the least. Tests of adaptive streams choose their profile.
    RUSHES_PROFILE: "original",
    ...settings,
    RUSHES_PORT: port,
  };
  await addAccounts(dataDir, accounts);
  const child = spawnMain(env);
  const output = outputOf(child);
  try {
    const { addresses, env: given } = await ready(child, dataDir, port, output);
    return {
      dashboard: new URL(addresses.dashboard).origin,
      inbox: new URL(addresses.inbox).origin,
      env: given,
      dataDir,
      logs: () => logsOf(dataDir, output()),
      kill: (target) => kill(child, target),
      async stop() {
        await end(child);
        await cleanUp();
      },
    };
  } catch (error) {
    await end(child);
    await cleanUp();
    throw error;
  }
}

/** The tests' own variables, as RUSHES_REPORTS, are no settings. A setting of the environment must not change a test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...env };
  const names = Object.keys(env).filter((name) => name.startsWith("RUSHES_"));
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}

function spawnMain(env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(nodePath(), [join(ROOT, "packages/stack/main.ts")], {
    cwd: ROOT,
    env,
    // Its own process group, so that a test can kill all of it.
    detached: true,
    // The IPC channel ends the stack when the tests are killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** The project's Node, which runs TypeScript, or else the one that runs this. */
function nodePath(): string {
  const installed = join(ROOT, "node_modules/.bin/node");
  return existsSync(installed) ? installed : process.execPath;
}

function outputOf(child: ChildProcess): () => string {
  let output = "";
  const append = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on("data", append);
  child.stderr?.on("data", append);
  return () => output;
}

async function addAccounts(dataDir: string, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await (await openData(dataDir)).close();
  const { add } = openAccounts(join(dataDir, "identity"));
  for (const { email, password, admin = false } of accounts) {
    await add({ email, admin, passwordHash: await quickHash(password) });
  }
}

async function logsOf(dataDir: string, output: string): Promise<string> {
  const folder = join(dataDir, "logs");
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return [output, ...texts].join("\n");
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function ready(
  child: ChildProcess,
  dataDir: string,
  port: string,
  output: () => string,
): Promise<Run> {
  const recent = () => output().slice(-20_000);
  for (const ends = Date.now() + READY_MS; Date.now() < ends; await delay(50)) {
    if (hasEnded(child)) throw new Error(`The stack did not start:\n${recent()}`);
    const run = await readRun(dataDir).catch(() => undefined);
    if (!run) continue;
    // Not through the public URL, which may not be reachable.
    const health = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => undefined);
    if (health?.ok) return run;
  }
  throw new Error(`The stack was not ready within ${READY_MS / 1000} s:\n${recent()}`);
}

async function kill(child: ChildProcess, target: "group" | "main process"): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const closed = once(child, "close");
  process.kill(target === "group" ? -child.pid : child.pid, "SIGKILL");
  await closed;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await closed;
  clearTimeout(timer);
}
