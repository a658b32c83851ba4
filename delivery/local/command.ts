/** Runs commands so that none outlives the pipeline. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Sentence } from "./machine.ts";

const KEEP = join(import.meta.dirname, "keep.ts");

export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Starts it; it ends with us, or when `signal` is aborted. */
export function start({ program, args, cwd, env = process.env, signal }: Command): ChildProcess {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [KEEP, program, ...args], {
    cwd,
    env,
    // Its own group: a terminal's Ctrl-C is ours to pass on.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const let_go = () => child.connected && child.disconnect();
  signal.addEventListener("abort", let_go, { once: true });
  child.once("close", () => signal.removeEventListener("abort", let_go));
  return child;
}

/** Resolves when it has ended well. Throws a Sentence when it has not, after it is gone. */
export async function run(command: Command): Promise<void> {
  const child = start(command);
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) => done(status ?? 1));
  });
  command.signal.throwIfAborted();
  if (code !== 0) {
    throw new Sentence(`${command.program} ended with ${code}; what it said stands above.`);
  }
}
