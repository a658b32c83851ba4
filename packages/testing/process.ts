/** Starts the whole one-machine home as a user would, on free ports with a fresh data folder, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
/** Other tests may keep every core busy. */
const READY_MS = 180_000;
const STOP_MS = 15_000;

export interface Home {
  dashboard: string;
  inbox: string;
  /** What the functions and the web app were given: keys, endpoints. */
  env: Record<string, string>;
  dataDir: string;
  /** All that it has written down: what it said, and every file below `logs`. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

/** Somebody who may sign in with the provider that Rushes brings. */
export interface Account {
  email: string;
  password: string;
  admin?: boolean;
}

/** Below those that systems give to connections, and to listeners that take any. */
const [LOWEST, HIGHEST] = [10_240, 32_000];
const given = new Set<number>();

/** A port that was free a moment ago, and that nobody gets who did not ask for it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port)) continue;
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once("error", () => done(false));
      server.listen(port, "127.0.0.1", () => done(true));
    });
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    given.add(port);
    return port;
  }
}

/** The Node of the project, which runs TypeScript; else the one that runs this. */
function nodePath(): string {
  const own = join(ROOT, "node_modules/.bin/node");
  return existsSync(own) ? own : process.execPath;
}

/** Makes an account as a person does: by the command. */
async function addAccount(env: NodeJS.ProcessEnv, account: Account): Promise<void> {
  const { email, password, admin = false } = account;
  const command = join(ROOT, "packages/stack/commands/user.ts");
  const args = [command, "add", email, "--password-stdin", ...(admin ? ["--admin"] : [])];
  const child = spawn(nodePath(), args, { cwd: ROOT, env });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  child.stdin.end(password);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${email} has no account:\n${said}`);
}

async function logsOf(dataDir: string, said: string): Promise<string> {
  const folder = join(dataDir, "logs");
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return [said, ...texts].join("\n");
}

async function ready(child: ChildProcess, dataDir: string, port: string, said: () => string) {
  const file = join(dataDir, "run.json");
  const ends = Date.now() + READY_MS;
  while (Date.now() < ends) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The home did not start:\n${said()}`);
    }
    const run = await readFile(file, "utf8")
      .then((text) => JSON.parse(text))
      .catch(() => undefined);
    if (run) {
      // Not by the public name, which may lead nowhere.
      const health = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => undefined);
      if (health?.ok) return run;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`The home was not ready in ${READY_MS / 1000} s:\n${said()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("close", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(late);
}

/**
 * Resolves when the home answers. `settings` are RUSHES_* variables; `accounts` may sign in, where that
 * is asked for.
 */
export async function startHome(
  settings: Record<string, string> = {},
  accounts: readonly Account[] = [],
): Promise<Home> {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-home-"));
  const port = settings.RUSHES_PORT ?? String(await freePort());
  const env = {
    ...process.env,
    RUSHES_DATA_DIR: dataDir,
    RUSHES_S3_PORT: String(await freePort()),
    RUSHES_MEDIA_PORT: String(await freePort()),
    RUSHES_MAIL_PORT: String(await freePort()),
    ...settings,
    RUSHES_PORT: port,
  };
  for (const account of accounts) await addAccount(env, account);
  const child = spawn(nodePath(), [join(ROOT, "packages/stack/main.ts")], {
    cwd: ROOT,
    // The channel ends the home with us, should the tests be killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env,
  });
  let said = "";
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  try {
    const run = await ready(child, dataDir, port, () => said.slice(-20_000));
    return {
      dashboard: new URL(run.addresses.dashboard).origin,
      inbox: new URL(run.addresses.inbox).origin,
      env: run.env,
      dataDir,
      logs: () => logsOf(dataDir, said),
      async stop() {
        await end(child);
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}
