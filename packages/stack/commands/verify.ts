/**
 * `npm run verify` checks everything in the data folder, which nothing may use meanwhile, and says what is damaged
 * or missing. It changes nothing. Ends with 1 if it found something, with 0 otherwise. `--json` prints the report
 * for programs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, type Lock } from "@rushes/aws-local/level/lock";
import { CliError } from "@rushes/core/cli-error";
import { formatBytes } from "@rushes/core/format";
import { loadSettings } from "../settings/index.ts";
import { type Report, verify } from "../verify/index.ts";
import { parseCommand, ROOT, runCommand } from "./command.ts";

const PROGRESS_MS = 10_000;

/** Undefined where nothing can be written, as in a backup: then nothing runs on it either. */
async function lockOf(dataDir: string): Promise<Lock | undefined> {
  let lock: Lock | undefined;
  try {
    lock = await acquireLock(join(dataDir, "lock"), 1000);
  } catch {
    return undefined;
  }
  if (lock) return lock;
  throw new CliError(
    `Rushes is running on ${dataDir}; stop it first, so that nothing changes while it is checked.`,
  );
}

function* linesOf(report: Report): Generator<string> {
  const { objects, bytes, jobs, rows, mails, problems, notes } = report;
  yield `Checked ${objects} objects (${formatBytes(bytes)}), ${jobs} jobs, ${rows} rows, ${mails} mails.`;
  yield* notes.map((note) => `Note: ${note}`);
  yield* problems.map((problem) => `Damage: ${problem}`);
  if (problems.length === 0) yield "Everything is as it was stored.";
  else
    yield `${problems.length} problems. Restore what is damaged from a backup; docs/data.md says how.`;
}

async function main(): Promise<void> {
  const { values } = parseCommand({ options: { json: { type: "boolean", default: false } } });
  const { dataDir } = await loadSettings(ROOT);
  if (!existsSync(join(dataDir, "version"))) {
    throw new CliError(`There is no data in ${dataDir}.`);
  }
  const lock = await lockOf(dataDir);
  try {
    let bytes = 0;
    const progress = setInterval(() => {
      process.stderr.write(`${formatBytes(bytes)} read\n`);
    }, PROGRESS_MS);
    const report = await verify(dataDir, (more) => {
      bytes += more;
    });
    clearInterval(progress);
    const text = values.json ? JSON.stringify(report, null, 2) : [...linesOf(report)].join("\n");
    process.stdout.write(`${text}\n`);
    process.exitCode = report.problems.length === 0 ? 0 : 1;
  } finally {
    await lock?.close();
  }
}

await runCommand(main);
