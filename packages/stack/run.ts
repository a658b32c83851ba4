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
 * The stack that runs on a data folder.
 *
 * @throws CliError if no stack runs on it
 */
export async function readRun(dataDir: string): Promise<Run> {
  const text = await readFile(fileOf(dataDir), "utf8").catch(() => undefined);
  const run = text === undefined ? undefined : Run.parse(JSON.parse(text));
  if (!run || !isAlive(run.pid)) {
    throw new CliError(`Rushes is not running on ${dataDir}. Start it with npm start.`);
  }
  return run;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
