/** Runs each stage on one machine. You can interrupt and repeat every stage. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";
import { CliError } from "@rushes/core/cli-error";
import { parse } from "yaml";
import * as z from "zod";
import type { DeliveryStage, Target } from "../stages.ts";
import { run } from "./command.ts";
import { deploy, type Instance, running } from "./instance.ts";
import type { State } from "./progress.ts";

export interface Context {
  /** The project's root. */
  root: string;
  /** The pipeline's folder: clones, data folders, state. */
  folder: string;
  approve: boolean;
  signal: AbortSignal;
  log(line: string): void;
}

const Buildspec = z.object({
  phases: z.object({ build: z.object({ commands: z.array(z.string()) }) }),
});
const Manifest = z.object({ version: z.string() });
/** The most commits that the approval lists. */
const MAX_COMMITS = "50";

export const git = async (cwd: string, ...args: string[]) =>
  (await promisify(execFile)("git", args, { cwd, maxBuffer: 64 * 1024 ** 2 })).stdout.trim();
const cloneOf = ({ folder }: Context, { commit }: State) => join(folder, "releases", commit);
const instanceOf = ({ folder }: Context, target: Target): Instance => ({ folder, target });

/** Runs one stage and resolves with its changes of the state. */
export async function runStage(
  context: Context,
  stage: DeliveryStage,
  state: State,
): Promise<Partial<State>> {
  const clone = cloneOf(context, state);
  const target = stage.target ?? "staging";
  const { signal } = context;
  const deployTarget = () => deploy(instanceOf(context, target), clone, state.commit, signal);
  switch (stage.kind) {
    case "source":
      await checkOut(context, state);
      return {};
    case "build":
    case "test":
      await build(context, stage, clone);
      return {};
    case "deploy":
      context.log(`${target} runs at ${await deployTarget()}`);
      return {};
    case "e2e": {
      // Staging ends with the pipeline, so a continued delivery deploys it again.
      const args = ["run", "--silent", "e2e", "--", "--url", await deployTarget()];
      await run({ program: "npm", args, cwd: clone, env: cleanEnv(), signal });
      return {};
    }
    case "approval":
      return { approvedBy: await approve(context, state) };
    case "record":
      await record(context, state, await deployTarget());
      return {};
    case "notice":
      await notify(
        context,
        state,
        target === "production" ? { url: await deployTarget() } : undefined,
      );
      return {};
  }
}

/** Makes a clean clone, so that no uncommitted change is delivered. */
async function checkOut(context: Context, state: State): Promise<void> {
  const clone = cloneOf(context, state);
  if (existsSync(clone)) {
    // Production may run from this clone. It is used only if it is unchanged.
    const changed = await git(clone, "status", "--porcelain").catch(() => "broken");
    const head = await git(clone, "rev-parse", "HEAD").catch(() => "");
    if (changed === "" && head === state.commit) return;
    throw new CliError(`${clone} differs from the commit. Delete it and start again.`);
  }
  const part = `${clone}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await git(context.root, "clone", "-q", "--no-checkout", context.root, part);
  await git(part, "checkout", "-q", "--detach", state.commit);
  await rename(part, clone);
}

/** Runs the same commands as CodeBuild. */
async function build(context: Context, stage: DeliveryStage, clone: string): Promise<void> {
  const { signal, log } = context;
  const common = { cwd: clone, env: cleanEnv(), signal };
  await run({ ...common, program: "node", args: ["scripts/setup.mjs"] });
  const instead = stage.kind === "test" ? process.env.RUSHES_PIPELINE_TEST : undefined;
  if (instead) log(`RUSHES_PIPELINE_TEST: "${instead}" runs instead of every test.`);
  const text = await readFile(buildspecOf(clone, stage), "utf8");
  const commands = instead ? [instead] : Buildspec.parse(parse(text)).phases.build.commands;
  await run({ ...common, program: "bash", args: ["-ec", commands.join("\n")] });
}

/** Commits from before the folder `delivery` keep their buildspecs in `ci`. They can still be released again. */
function buildspecOf(clone: string, { buildspec = "" }: DeliveryStage): string {
  const path = join(clone, buildspec);
  return existsSync(path) ? path : join(clone, "ci", basename(buildspec));
}

/** The environment without the variables of npm and of this pipeline. */
function cleanEnv(): NodeJS.ProcessEnv {
  const removed = /^(npm_|RUSHES_PIPELINE|NODE_ENV$|INIT_CWD$)/;
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (removed.test(name)) Reflect.deleteProperty(env, name);
  return env;
}

async function approve(context: Context, state: State): Promise<string> {
  const { root, log, signal } = context;
  const current = (await running(instanceOf(context, "production")))?.commit;
  log(`Commits up to ${state.commit.slice(0, 7)} that production does not have yet:`);
  const range = current === undefined ? state.commit : `${current}..${state.commit}`;
  const args = ["log", "--oneline", "--no-decorate", "-n", MAX_COMMITS, range];
  const changes = await git(root, ...args).catch(() => "");
  log(changes === "" ? "(none, or only older ones)" : changes);
  const approver = (await git(root, "config", "user.email").catch(() => "")) || userInfo().username;
  if (context.approve) return approver;
  if (!process.stdin.isTTY) {
    throw new CliError("There is no terminal to approve in. Run it again with --approve.");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const reply = await terminal.question("  Deploy this to production? (yes/no) ", { signal });
    if (/^y(es)?$/i.test(reply.trim())) return approver;
  } finally {
    terminal.close();
  }
  throw new CliError("The delivery was not approved.");
}

async function versionOf(context: Context, state: State): Promise<string> {
  const text = await readFile(join(cloneOf(context, state), "package.json"), "utf8");
  return Manifest.parse(JSON.parse(text)).version;
}

/** Writes the record into production's table. */
async function record(context: Context, state: State, url: string): Promise<void> {
  const production = await running(instanceOf(context, "production"));
  if (!production) throw new CliError("Production does not run, so nothing was recorded.");
  const fields = {
    stage: "production",
    version: await versionOf(context, state),
    commit: state.commit,
    url,
    pipelineExecutionId: state.execution,
    approvedBy: state.approvedBy,
  };
  const args = [join(import.meta.dirname, "record.ts"), JSON.stringify(fields)];
  const env = { ...cleanEnv(), ...production.run.env };
  await run({ program: process.execPath, args, cwd: context.root, env, signal: context.signal });
}

async function notify(
  context: Context,
  state: State,
  production: { url: string } | undefined,
): Promise<void> {
  const version = `Rushes ${await versionOf(context, state)} (${state.commit.slice(0, 7)})`;
  const text = production
    ? `${version} is in production: ${production.url}`
    : `${version} runs on staging and has played a video there. It waits for approval.`;
  context.log(text);
  const file = join(context.folder, "notices.log");
  await appendFile(file, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
}
