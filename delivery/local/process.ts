/** Identifies a process by its ID and its start time, because IDs are reused. */
import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import * as z from "zod";

export const ProcessRef = z.object({ pid: z.number().int().positive(), born: z.string().min(1) });
export type ProcessRef = z.infer<typeof ProcessRef>;

const POLL_MS = 100;
/** Time between SIGTERM and SIGKILL. */
const GRACE_MS = 30_000;

/** The start time of the process with this ID. Undefined if there is no such process. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const ps = promisify(execFile)("ps", ["-o", "lstart=,stat=", "-p", String(pid)], { env });
  const output = await ps.then(({ stdout }) => stdout.trim()).catch(() => "");
  const [, started, stat = ""] = /^(.*\S)\s+(\S+)$/.exec(output) ?? [];
  // A zombie has ended, but its parent has not collected its exit code.
  return stat.startsWith("Z") ? undefined : started;
}

export const isAlive = async ({ pid, born }: ProcessRef): Promise<boolean> =>
  (await startTimeOf(pid)) === born;

/** Sends SIGTERM, waits until the process has ended, and kills it after a while. */
export async function end(running: ProcessRef): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(running.pid, signal);
    } catch {
      // The process ended in the meantime.
    }
  };
  if (!(await isAlive(running))) return;
  send("SIGTERM");
  const deadline = Date.now() + GRACE_MS;
  while (await isAlive(running)) {
    if (Date.now() > deadline) send("SIGKILL");
    await wait(POLL_MS);
  }
}
