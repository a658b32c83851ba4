/** The two homes that a delivery on one machine deploys: each its own data folder, started from a clone. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { writeDurably } from "../../packages/aws-local/disk/durable.ts";
import { type Run, readRun } from "../../packages/stack/run.ts";
import type { Target } from "../stages.ts";
import { start as startCommand } from "./command.ts";
import { Sentence } from "./machine.ts";
import { bornOf, end, isAlive, Known } from "./process.ts";

const READY_MS = 10 * 60_000;
const POLL_MS = 250;
/** Where production is found again after each delivery. */
const PRODUCTION_PORT = 3100;

const Home = Known.extend({ commit: z.string() });
const Health = z.object({ ok: z.literal(true), commit: z.string().optional() });

export interface Place {
  /** The pipeline's own folder. */
  folder: string;
  target: Target;
}
const fileOf = ({ folder, target }: Place) => join(folder, target, "home.json");
const dataOf = ({ folder, target }: Place) => join(folder, target, "data");

/** What runs there now. */
export async function running(place: Place): Promise<{ commit: string; run: Run } | undefined> {
  const home = await known(place);
  if (!home || !(await isAlive(home))) return undefined;
  const run = await readRun(dataOf(place)).catch(() => undefined);
  return run && { commit: home.commit, run };
}

/** Ends what runs there; its data stay. */
export async function stop(place: Place): Promise<boolean> {
  const home = await known(place);
  const was = home !== undefined && (await isAlive(home));
  if (home) await end(home);
  await rm(fileOf(place), { force: true });
  return was;
}

/**
 * Has the commit run there, and resolves when it answers. Staging ends with the pipeline; production
 * stays, and takes the place of the release before.
 */
export async function deploy(
  place: Place,
  clone: string,
  commit: string,
  signal: AbortSignal,
): Promise<string> {
  const now = await running(place);
  if (now?.commit === commit) return ready(place, commit, signal);
  await stop(place);
  const stays = place.target === "production";
  const base = stays ? Number(process.env.RUSHES_PIPELINE_PORT ?? PRODUCTION_PORT) : undefined;
  const port = async (offset: number) => String(base ? base + offset : await freePort());
  await mkdir(dataOf(place), { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    RUSHES_DATA_DIR: dataOf(place),
    RUSHES_PORT: await port(0),
    RUSHES_MAIL_PORT: await port(1),
    RUSHES_S3_PORT: await port(2),
    RUSHES_MEDIA_PORT: await port(3),
  };
  for (const name of Object.keys(env)) if (/^(npm_|RUSHES_PIPELINE)/.test(name)) delete env[name];
  // By it npm start looks whether whoever started it is still there.
  if (!stays) env.npm_lifecycle_event = "start";
  const args = [join(clone, "scripts/start.mjs")];
  const child = stays
    ? detached(args, clone, env, join(dirname(dataOf(place)), "home.log"))
    : startCommand({ program: process.execPath, args, cwd: clone, env, signal });
  const { pid } = child;
  const born = pid === undefined ? undefined : await bornOf(pid);
  if (pid === undefined || born === undefined) throw new Sentence("It ended as it began.");
  const home: z.infer<typeof Home> = { pid, born, commit };
  await writeDurably(fileOf(place), `${JSON.stringify(home)}\n`);
  return ready(place, commit, signal);
}

function detached(args: string[], cwd: string, env: NodeJS.ProcessEnv, log: string) {
  const file = openSync(log, "a", 0o600);
  try {
    const stdio = ["ignore", file, file] as const;
    const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: [...stdio] });
    child.unref();
    return child;
  } finally {
    closeSync(file);
  }
}

async function ready(place: Place, commit: string, signal: AbortSignal): Promise<string> {
  const ends = Date.now() + READY_MS;
  while (Date.now() < ends) {
    const home = await known(place);
    if (!home || !(await isAlive(home))) {
      const log = join(dirname(dataOf(place)), "home.log");
      const where = place.target === "production" ? `; ${log} says why` : "";
      throw new Sentence(`${place.target} ended while it started${where}.`);
    }
    const run = await readRun(dataOf(place)).catch(() => undefined);
    const url = run && new URL(run.addresses.dashboard).origin;
    if (url !== undefined) {
      const health = await fetch(`${url}/api/health`)
        .then((answer) => answer.json())
        .then((body) => Health.parse(body))
        .catch(() => undefined);
      // A release from before this was told says no commit.
      if (health && (health.commit ?? commit) === commit) return url;
    }
    await wait(POLL_MS, undefined, { signal });
  }
  throw new Sentence(`${place.target} did not answer within ${READY_MS / 60_000} minutes.`);
}

async function known(place: Place): Promise<z.infer<typeof Home> | undefined> {
  const text = await readFile(fileOf(place), "utf8").catch(() => undefined);
  return text === undefined ? undefined : Home.parse(JSON.parse(text));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}
