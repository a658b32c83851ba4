/** Starts the whole one-machine home as a user would, on free ports with a fresh data folder, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const READY_MS = 60_000;
const STOP_MS = 15_000;

export interface Home {
  dashboard: string;
  inbox: string;
  /** What the functions and the web app were given: keys, endpoints. */
  env: Record<string, string>;
  dataDir: string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

/** The Node of the project, which runs TypeScript; else the one that runs this. */
function nodePath(): string {
  const own = join(ROOT, "node_modules/.bin/node");
  return existsSync(own) ? own : process.execPath;
}

async function ready(child: ChildProcess, dataDir: string, said: () => string) {
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
      const url = new URL("/api/health", run.addresses.dashboard);
      const health = await fetch(url).catch(() => undefined);
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

/** Resolves when the home answers. `settings` are RUSHES_* variables. */
export async function startHome(settings: Record<string, string> = {}): Promise<Home> {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-home-"));
  const child = spawn(nodePath(), [join(ROOT, "packages/local/main.ts")], {
    cwd: ROOT,
    // The channel ends the home with us, should the tests be killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...process.env,
      RUSHES_DATA_DIR: dataDir,
      RUSHES_PORT: String(await freePort()),
      RUSHES_S3_PORT: String(await freePort()),
      RUSHES_MAIL_PORT: String(await freePort()),
      ...settings,
    },
  });
  let said = "";
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  try {
    const run = await ready(child, dataDir, () => said);
    return {
      dashboard: new URL(run.addresses.dashboard).origin,
      inbox: new URL(run.addresses.inbox).origin,
      env: run.env,
      dataDir,
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
