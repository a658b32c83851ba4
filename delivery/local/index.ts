/**
 * `npm run pipeline [-- --approve] [--from STAGE] [--fresh] [--release COMMIT] [--stop]`: the delivery on one machine,
 * with the stages of delivery/stages.ts. If it is killed in any stage, it continues there.
 */
import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CliError } from "@rushes/core/cli-error";
import { writeDurably } from "../../packages/aws-local/disk/durable.ts";
import type { DeliveryStage } from "../stages.ts";
import { running, stop } from "./instance.ts";
import { isAlive, ProcessRef, startTimeOf } from "./process.ts";
import { deliver, plan, StageFailed, State, stagesOf } from "./progress.ts";
import { type Context, git, runStage } from "./run-stage.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = resolve(process.env.RUSHES_PIPELINE_DIR || join(ROOT, ".pipeline"));
const STATE = join(FOLDER, "state.json");
const LOCK = join(FOLDER, "pipeline.json");
/** Every commit that reached production, one per line. */
const RELEASES = join(FOLDER, "releases.txt");
const PARENT_POLL_MS = 500;
const PRODUCTION = { folder: FOLDER, target: "production" } as const;
const STAGING = { folder: FOLDER, target: "staging" } as const;

function log(text: string): void {
  const lines = text.split("\n").map((line) => `  ${line}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function parseOptions() {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  const options = { approve: flag, fresh: flag, stop: flag, from: text, release: text };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

async function read<T>(path: string, parse: (value: unknown) => T): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parse(JSON.parse(text));
}

/** Allows one delivery at a time. The lock of a process that was killed is taken over. */
let isLocked = false;
async function lock(): Promise<void> {
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  const other = await read(LOCK, (value) => ProcessRef.parse(value));
  if (other && other.pid !== process.pid && (await isAlive(other))) {
    throw new CliError(`Another delivery is running (process ${other.pid}).`);
  }
  const born = (await startTimeOf(process.pid)) ?? "unknown";
  await writeDurably(LOCK, `${JSON.stringify({ pid: process.pid, born })}\n`);
  isLocked = true;
}

async function commitOf(release: string | undefined): Promise<string> {
  if (release === undefined) return git(ROOT, "rev-parse", "HEAD");
  const text = await readFile(RELEASES, "utf8").catch(() => "");
  const found = new Set(text.split("\n").filter((one) => one !== "" && one.startsWith(release)));
  const [commit] = found;
  if (commit !== undefined && found.size === 1) return commit;
  throw new CliError(
    `${release} is not a commit that was in production. /admin/deployments lists them.`,
  );
}

/** Aborted by a signal, and when the process that started this one has ended. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const abort = (reason: string) => controller.abort(new CliError(reason));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => abort(`Stopped by ${signal}.`));
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) abort("The process that started the pipeline has ended.");
  }, PARENT_POLL_MS).unref();
  return controller.signal;
}

/** The state from which to continue. */
async function initialState(options: ReturnType<typeof parseOptions>): Promise<State> {
  const commit = await commitOf(options.release);
  const state = plan(await read(STATE, (value) => State.parse(value)), {
    commit,
    release: options.release !== undefined,
    execution: randomUUID(),
    fresh: options.fresh,
    from: options.from,
  });
  if ((await running(PRODUCTION))?.commit === commit) return state;
  // Production was stopped or rolled back after this commit was deployed.
  const repeated = new Set(["deploy-production", "record", "notice-production"]);
  return { ...state, done: state.done.filter((id) => !repeated.has(id)) };
}

async function main(): Promise<void> {
  const options = parseOptions();
  if (options.stop) {
    const stopped = await stop(PRODUCTION);
    log(stopped ? "Production has stopped. Its data is kept." : "Production is not running.");
    return;
  }
  const signal = stopSignal();
  await lock();
  const state = await initialState(options);
  const { commit, done } = state;
  const context: Context = { root: ROOT, folder: FOLDER, approve: !!options.approve, signal, log };
  const stages = stagesOf(state);
  log(`Delivering ${commit.slice(0, 7)}: ${stages.length} stages, ${done.length} already done.`);
  const run = async (stage: DeliveryStage, current: State) => {
    const started = Date.now();
    const count = `${stages.findIndex(({ id }) => id === stage.id) + 1}/${stages.length}`;
    log(`\n[${count}] ${stage.title} (${stage.id})`);
    const changes = await runStage(context, stage, current);
    if (stage.kind === "record") await appendFile(RELEASES, `${commit}\n`, { mode: 0o600 });
    log(`[${count}] done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return changes;
  };
  await deliver(state, run, (current) => writeDurably(STATE, `${JSON.stringify(current)}\n`));
  log("\nDone. Production keeps running. To stop it, run npm run pipeline -- --stop");
}

try {
  await main();
  process.exitCode = 0;
} catch (error) {
  if (error instanceof StageFailed) {
    log(`\n${error.stage} failed: ${error.message}`);
    log("Run npm run pipeline again to continue there, or add --fresh to start over.");
  } else if (error instanceof CliError) {
    log(error.message);
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exitCode = 1;
} finally {
  // Staging ends with the pipeline. Everything else has already ended.
  if (isLocked) await stop(STAGING).catch(() => {});
}
process.exit();
