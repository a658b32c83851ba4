/** What each stage does on one machine. Every one may be cut off and run again. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";
import { parse } from "yaml";
import * as z from "zod";
import type { DeliveryStage } from "../stages.ts";
import { run } from "./command.ts";
import { deploy, type Place, running } from "./homes.ts";
import { Sentence, type State } from "./machine.ts";

export interface Around {
  /** Of the project. */
  root: string;
  /** Of the pipeline: clones, homes, state. */
  folder: string;
  approve: boolean;
  signal: AbortSignal;
  say(line: string): void;
}

const Buildspec = z.object({
  phases: z.object({ build: z.object({ commands: z.array(z.string()) }) }),
});
const Manifest = z.object({ version: z.string() });
const MOST_COMMITS = "50";

export const git = async (cwd: string, ...args: string[]) =>
  (await promisify(execFile)("git", args, { cwd, maxBuffer: 64 * 1024 ** 2 })).stdout.trim();
const cloneOf = ({ folder }: Around, { commit }: State) => join(folder, "releases", commit);
const place = ({ folder }: Around, target: Place["target"]): Place => ({ folder, target });

/** Runs one stage; what it gives is kept in the state. */
export async function perform(
  around: Around,
  stage: DeliveryStage,
  state: State,
): Promise<Partial<State>> {
  const clone = cloneOf(around, state);
  const target = stage.target ?? "staging";
  const { signal } = around;
  const up = () => deploy(place(around, target), clone, state.commit, signal);
  switch (stage.kind) {
    case "source":
      await source(around, state);
      return {};
    case "build":
    case "test":
      await build(around, stage, clone);
      return {};
    case "deploy":
      around.say(`${target} answers at ${await up()}`);
      return {};
    case "e2e": {
      // Staging ends with the pipeline: one that goes on finds it gone.
      const args = ["run", "--silent", "e2e", "--", "--url", await up()];
      await run({ program: "npm", args, cwd: clone, env: cleanEnv(), signal });
      return {};
    }
    case "approval":
      return { approvedBy: await approval(around, state) };
    case "record":
      await record(around, state, await up());
      return {};
    case "notice":
      await notice(around, state, target, target === "production" ? await up() : undefined);
      return {};
  }
}

/** A clean clone: nothing that lies about in the work tree is delivered. */
async function source(around: Around, state: State): Promise<void> {
  const clone = cloneOf(around, state);
  if (existsSync(clone)) {
    // It may be what production runs from; a clone is only taken as it is when nothing was changed.
    const changed = await git(clone, "status", "--porcelain").catch(() => "broken");
    const head = await git(clone, "rev-parse", "HEAD").catch(() => "");
    if (changed === "" && head === state.commit) return;
    throw new Sentence(`${clone} is not what was committed; remove it and start again.`);
  }
  const part = `${clone}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await git(around.root, "clone", "-q", "--no-checkout", around.root, part);
  await git(part, "checkout", "-q", "--detach", state.commit);
  await rename(part, clone);
}

/** The very commands of CodeBuild. */
async function build(around: Around, stage: DeliveryStage, clone: string): Promise<void> {
  const { signal, say } = around;
  const common = { cwd: clone, env: cleanEnv(), signal };
  await run({ ...common, program: "node", args: ["scripts/setup.mjs"] });
  const instead = stage.kind === "test" ? process.env.RUSHES_PIPELINE_TEST : undefined;
  if (instead) say(`RUSHES_PIPELINE_TEST: "${instead}" runs instead of every test.`);
  const text = await readFile(buildspecOf(clone, stage), "utf8");
  const commands = instead ? [instead] : Buildspec.parse(parse(text)).phases.build.commands;
  await run({ ...common, program: "bash", args: ["-ec", commands.join("\n")] });
}

/** Commits from before the folder `delivery` keep their buildspecs in `ci`. They can still be released again. */
function buildspecOf(clone: string, { buildspec = "" }: DeliveryStage): string {
  const path = join(clone, buildspec);
  return existsSync(path) ? path : join(clone, "ci", basename(buildspec));
}

/** Without what npm and this pipeline say of themselves. */
function cleanEnv(): NodeJS.ProcessEnv {
  const own = /^(npm_|RUSHES_PIPELINE|NODE_ENV$|INIT_CWD$)/;
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (own.test(name)) Reflect.deleteProperty(env, name);
  return env;
}

async function approval(around: Around, state: State): Promise<string> {
  const { root, say } = around;
  const before = (await running(place(around, "production")))?.commit;
  say(`Production does not have yet, of ${state.commit.slice(0, 7)}:`);
  const range = before === undefined ? state.commit : `${before}..${state.commit}`;
  const log = ["log", "--oneline", "--no-decorate", "-n", MOST_COMMITS, range];
  const changes = await git(root, ...log).catch(() => "");
  say(changes === "" ? "(nothing, or what is older than it)" : changes);
  const who = (await git(root, "config", "user.email").catch(() => "")) || userInfo().username;
  if (around.approve) return who;
  if (!process.stdin.isTTY) {
    throw new Sentence("Nobody is here to approve; run it again with --approve.");
  }
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const { signal } = around;
    const answer = await asking.question("  Deploy this to production? (yes/no) ", { signal });
    if (/^y(es)?$/i.test(answer.trim())) return who;
  } finally {
    asking.close();
  }
  throw new Sentence("It was not approved.");
}

async function versionOf(around: Around, state: State): Promise<string> {
  const text = await readFile(join(cloneOf(around, state), "package.json"), "utf8");
  return Manifest.parse(JSON.parse(text)).version;
}

/** Into the table of the home that was deployed, by the code that has just been delivered. */
async function record(around: Around, state: State, url: string): Promise<void> {
  const home = await running(place(around, "production"));
  if (!home) throw new Sentence("Production does not run; nothing is recorded.");
  const given = {
    ...{ stage: "production", version: await versionOf(around, state), commit: state.commit, url },
    pipelineExecutionId: state.execution,
    ...(state.approvedBy !== undefined && { approvedBy: state.approvedBy }),
  };
  const args = [join(import.meta.dirname, "record.ts"), JSON.stringify(given)];
  const env = { ...cleanEnv(), ...home.run.env };
  await run({ program: process.execPath, args, cwd: around.root, env, signal: around.signal });
}

async function notice(
  around: Around,
  state: State,
  target: Place["target"],
  url: string | undefined,
): Promise<void> {
  const what = `Rushes ${await versionOf(around, state)} (${state.commit.slice(0, 7)})`;
  const text =
    target === "staging"
      ? `${what} runs on staging and has played a video there. It waits for approval.`
      : `${what} is in production: ${url}`;
  around.say(text);
  const log = join(around.folder, "notices.log");
  await appendFile(log, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
}
