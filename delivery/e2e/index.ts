/**
 * `npm run e2e -- --url URL [--token TOKEN] [--json FILE]`: uploads a test video to a running instance, plays it, waits
 * for its mail, and removes it. The token can also be in RUSHES_TOKEN.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CliError } from "@rushes/core/cli-error";
import { api } from "./api.ts";
import { messageOf } from "./message.ts";
import { junit, lineOf, type Report, type Step } from "./report.ts";
import { cleanUp, type Leftovers, runE2e } from "./run.ts";

const USAGE = "Usage: npm run e2e -- --url URL [--token TOKEN] [--json FILE]";

function parseOptions() {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { url: text, token: text, json: text } });
    if (!values.url) throw new Error("--url is missing.");
    return { ...values, url: values.url, token: values.token || process.env.RUSHES_TOKEN };
  } catch (error) {
    throw new CliError(`${messageOf(error)}\n  ${USAGE}`);
  }
}

async function write(report: Report, json?: string): Promise<void> {
  const save = async (path: string, content: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  if (json) await save(resolve(json), `${JSON.stringify(report, null, 2)}\n`);
  const folder = process.env.RUSHES_REPORTS;
  if (folder) await save(join(resolve(folder), "e2e.xml"), junit(report));
}

/** Aborted by a signal. A second one ends the process without cleaning up. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new CliError(`Stopped by ${signal}.`));
    });
  }
  return controller.signal;
}

/** Runs one step, prints its line, and adds it to the report. */
async function runStep<T>(
  report: Report,
  signal: AbortSignal,
  title: string,
  run: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const step: Step = { title, seconds: 0 };
  try {
    return await run();
  } catch (error) {
    const isCause = error instanceof CliError || !signal.aborted;
    const cause: unknown = isCause ? error : signal.reason;
    step.failure =
      cause instanceof CliError
        ? cause.message
        : String(error instanceof Error ? error.stack : error);
    report.passed = false;
    throw error;
  } finally {
    step.seconds = (Date.now() - started) / 1000;
    report.steps.push(step);
    process.stdout.write(`${lineOf(step)}\n`);
  }
}

async function main(): Promise<void> {
  const { url, token, json } = parseOptions();
  const signal = stopSignal();
  const report: Report = { url, started: new Date().toISOString(), passed: true, steps: [] };
  const step = <T>(title: string, run: () => Promise<T>) => runStep(report, signal, title, run);
  const leftovers: Leftovers = {};
  const client = api(url, token);
  process.stdout.write(`\n  Test video for ${client.origin}\n\n`);
  const chromium = process.env.CHROMIUM_PATH;
  // The step that failed has printed the reason.
  await runE2e({ api: client, token, chromium, signal, leftovers, step }).catch(() => {
    report.passed = false;
  });
  if (leftovers.uploadId !== undefined) {
    await step("Remove the video", () => cleanUp({ api: client, leftovers })).catch(() => {});
  }
  await write(report, json);
  const seconds = report.steps.reduce((sum, one) => sum + one.seconds, 0);
  const result = report.passed ? "Passed" : "Failed";
  process.stdout.write(`\n  ${result} (${seconds.toFixed(1)} s)\n\n`);
  process.exitCode = report.passed ? 0 : 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`\n  ${error.message}\n\n`);
  process.exitCode = 1;
}
