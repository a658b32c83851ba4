/**
 * `npm run pipeline [-- --approve] [--from STAGE] [--fresh] [--release COMMIT] [--stop]`: the delivery on
 * one machine, by the stages of delivery/stages.ts. Killed in any stage, it goes on where it was.
 */
import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeDurably } from "../../packages/aws-local/disk/durable.ts";
import type { DeliveryStage } from "../stages.ts";
import { running, stop } from "./homes.ts";
import { deliver, plan, Sentence, StageFailed, State, stagesOf } from "./machine.ts";
import { bornOf, isAlive, Known } from "./process.ts";
import { type Around, git, perform } from "./stages.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = resolve(process.env.RUSHES_PIPELINE_DIR || join(ROOT, ".pipeline"));
const STATE = join(FOLDER, "state.json");
const LOCK = join(FOLDER, "pipeline.json");
/** Every commit that reached production, one a line. */
const RELEASES = join(FOLDER, "releases.txt");
const WATCH_MS = 500;

const say = (line: string) =>
  process.stdout.write(
    `${line
      .split("\n")
      .map((one) => `  ${one}`)
      .join("\n")}\n`,
  );

function options() {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  try {
    const known = { approve: flag, fresh: flag, stop: flag, from: text, release: text };
    return parseArgs({ options: known }).values;
  } catch (error) {
    throw new Sentence(error instanceof Error ? error.message : String(error));
  }
}

async function read<T>(path: string, parse: (value: unknown) => T): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parse(JSON.parse(text));
}

/** One delivery at a time. What a killed one has left is nobody's. */
let isOurs = false;
async function lock(): Promise<void> {
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  const other = await read(LOCK, (value) => Known.parse(value));
  if (other && other.pid !== process.pid && (await isAlive(other))) {
    throw new Sentence(`Another delivery is under way (process ${other.pid}).`);
  }
  const born = (await bornOf(process.pid)) ?? "unknown";
  await writeDurably(LOCK, `${JSON.stringify({ pid: process.pid, born })}\n`);
  isOurs = true;
}

async function commitOf(release: string | undefined): Promise<string> {
  if (release === undefined) return git(ROOT, "rev-parse", "HEAD");
  const text = await readFile(RELEASES, "utf8").catch(() => "");
  const found = new Set(text.split("\n").filter((one) => one !== "" && one.startsWith(release)));
  const [commit] = found;
  if (commit !== undefined && found.size === 1) return commit;
  throw new Sentence(
    `${release} names no version that was in production; /admin/deployments lists them.`,
  );
}

/** Stops the stage under way when it is told to, and when whoever started it is gone. */
function stopping(): AbortSignal {
  const controller = new AbortController();
  const ask = (why: string) => controller.abort(new Sentence(why));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => ask(`Stopped by ${signal}.`));
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) ask("Whoever started this is gone.");
  }, WATCH_MS).unref();
  return controller.signal;
}

async function main(): Promise<void> {
  const asked = options();
  const production = { folder: FOLDER, target: "production" } as const;
  if (asked.stop) {
    say((await stop(production)) ? "Production has stopped; its data stay." : "It does not run.");
    return;
  }
  const signal = stopping();
  await lock();
  const commit = await commitOf(asked.release);
  const before = await read(STATE, (value) => State.parse(value));
  let state = plan(before, {
    ...{ commit, release: asked.release !== undefined, execution: randomUUID() },
    ...{ fresh: asked.fresh, from: asked.from },
  });
  // Production may have been stopped, or have gone back, since this commit arrived there.
  if ((await running(production))?.commit !== commit) {
    const deploys = new Set(["deploy-production", "record", "notice-production"]);
    state = { ...state, done: state.done.filter((id) => !deploys.has(id)) };
  }
  const around: Around = { root: ROOT, folder: FOLDER, approve: !!asked.approve, signal, say };
  const stages = stagesOf(state);
  const count = (id: string) => `${stages.findIndex((one) => one.id === id) + 1}/${stages.length}`;
  say(
    `Delivering ${commit.slice(0, 7)}: ${stages.length} stages, ${state.done.length} done before.`,
  );
  const perStage = async (stage: DeliveryStage, now: State) => {
    const since = Date.now();
    say(`\n[${count(stage.id)}] ${stage.title} (${stage.id})`);
    const gained = await perform(around, stage, now);
    if (stage.kind === "record") await appendFile(RELEASES, `${commit}\n`, { mode: 0o600 });
    say(`[${count(stage.id)}] done in ${((Date.now() - since) / 1000).toFixed(1)} s`);
    return gained;
  };
  await deliver(state, perStage, (now) => writeDurably(STATE, `${JSON.stringify(now)}\n`));
  say("\nEverything is done. Production stays up; npm run pipeline -- --stop ends it.");
}

try {
  await main();
  process.exitCode = 0;
} catch (error) {
  if (error instanceof StageFailed) {
    say(`\nStopped at ${error.stage}: ${error.message}`);
    say("npm run pipeline goes on there; --fresh begins again.");
  } else if (error instanceof Sentence) {
    say(error.message);
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exitCode = 1;
} finally {
  // Staging ends with us; nothing else is left that could end later.
  if (isOurs) await stop({ folder: FOLDER, target: "staging" }).catch(() => {});
}
process.exit();
