/** Tells a process that we started from another one that got its number later. */
import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import * as z from "zod";

export const Known = z.object({ pid: z.number().int().positive(), born: z.string().min(1) });
export type Known = z.infer<typeof Known>;

const POLL_MS = 100;
const PATIENCE_MS = 30_000;

/** When the process of this number began; undefined where there is none. */
export async function bornOf(pid: number): Promise<string | undefined> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const asked = promisify(execFile)("ps", ["-o", "lstart=,stat=", "-p", String(pid)], { env });
  const said = await asked.then(({ stdout }) => stdout.trim()).catch(() => "");
  const [, born, stat = ""] = /^(.*\S)\s+(\S+)$/.exec(said) ?? [];
  // One that has ended and that nobody has asked about runs no more.
  return stat.startsWith("Z") ? undefined : born;
}

export const isAlive = async ({ pid, born }: Known): Promise<boolean> =>
  (await bornOf(pid)) === born;

/** Asks it to end, waits, and ends it if it does not. */
export async function end(known: Known): Promise<void> {
  const tell = (signal: NodeJS.Signals) => {
    try {
      process.kill(known.pid, signal);
    } catch {
      // It has gone meanwhile.
    }
  };
  if (!(await isAlive(known))) return;
  tell("SIGTERM");
  const ends = Date.now() + PATIENCE_MS;
  while (await isAlive(known)) {
    if (Date.now() > ends) tell("SIGKILL");
    await wait(POLL_MS);
  }
}
