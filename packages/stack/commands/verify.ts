/**
 * `npm run verify` checks all data in the data folder while Rushes is stopped, and reports what is damaged or missing.
 * It changes nothing. It exits with 1 if it finds damage, and with 0 otherwise. `--json` prints the report as JSON.
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

/** Undefined for a folder that cannot be written, such as a backup, which no stack can use. */
async function lockOf(dataDir: string): Promise<Lock | undefined> {
  let lock: Lock | undefined;
  try {
    lock = await acquireLock(join(dataDir, "lock"), 1000);
  } catch {
    return undefined;
  }
  if (lock) return lock;
  throw new CliError(
    `Rushes is running on ${dataDir}. Stop it first, so that nothing changes during the check.`,
  );
}

function* linesOf(report: Report): Generator<string> {
  const { objects, bytes, jobs, rows, mails, problems, notes } = report;
  yield `Checked ${objects} objects (${formatBytes(bytes)}), ${jobs} jobs, ${rows} rows, ${mails} mails.`;
  yield* notes.map((note) => `Note: ${note}`);
  yield* problems.map((problem) => `Damage: ${problem}`);
  if (problems.length === 0) yield "Everything is intact.";
  else
    yield `Found ${problems.length} ${problems.length === 1 ? "problem" : "problems"}. Restore the damaged data from a backup (docs/data.md).`;
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
