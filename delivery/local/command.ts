/** Runs commands that end when the pipeline ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { CliError } from "@rushes/core/cli-error";

const SUPERVISOR = join(import.meta.dirname, "supervisor.ts");

export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Starts a command. It ends when this process ends or when `signal` is aborted. */
export function start({ program, args, cwd, env = process.env, signal }: Command): ChildProcess {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [SUPERVISOR, program, ...args], {
    cwd,
    env,
    // Its own process group, so that a terminal's Ctrl-C reaches only the pipeline.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const disconnect = () => child.connected && child.disconnect();
  signal.addEventListener("abort", disconnect, { once: true });
  child.once("close", () => signal.removeEventListener("abort", disconnect));
  return child;
}

/** Resolves when the command succeeds. Throws a CliError when it fails. */
export async function run(command: Command): Promise<void> {
  const child = start(command);
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) => done(status ?? 1));
  });
  command.signal.throwIfAborted();
  if (code !== 0) {
    throw new CliError(`${command.program} exited with ${code}. Its output is above.`);
  }
}
