/** `<data>/run.json`: what other processes need to know about a running stack. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@rushes/aws-local/disk/durable";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";

const Run = z.object({
  pid: z.number().int(),
  started: z.iso.datetime(),
  addresses: z.object({ dashboard: z.url(), inbox: z.url() }),
  control: z.object({ url: z.url(), token: z.string() }),
  /** The environment of the functions. It has credentials, so only the file's owner can read it. */
  env: z.record(z.string(), z.string()),
});
export type Run = z.infer<typeof Run>;

const fileOf = (dataDir: string) => join(dataDir, "run.json");

export const writeRun = (dataDir: string, run: Run) =>
  writeDurably(fileOf(dataDir), `${JSON.stringify(run, null, 2)}\n`, 0o600);

export const removeRun = (dataDir: string) => rm(fileOf(dataDir), { force: true });

/**
 * The stack that runs on a data folder; undefined if none does.
 *
 * @throws CliError if the file is damaged
 */
export async function findRun(dataDir: string): Promise<Run | undefined> {
  const text = await readFile(fileOf(dataDir), "utf8").catch(() => undefined);
  const run = text === undefined ? undefined : parse(text, dataDir);
  return run && isAlive(run.pid) ? run : undefined;
}

function parse(text: string, dataDir: string): Run {
  try {
    return Run.parse(JSON.parse(text));
  } catch {
    throw new CliError(
      `${fileOf(dataDir)} is damaged. If Rushes is running, restart it, which writes the file again; otherwise delete the file.`,
    );
  }
}

/** @throws CliError if no stack runs on the data folder */
export async function readRun(dataDir: string): Promise<Run> {
  const run = await findRun(dataDir);
  if (run) return run;
  throw new CliError(`Rushes is not running on ${dataDir}. Start it with npm start.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
