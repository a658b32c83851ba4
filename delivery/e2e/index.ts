/**
 * `npm run e2e -- --url URL [--token TOKEN] [--json FILE]`: sends a real video through a Rushes that runs
 * somewhere, plays it, waits for its mail, and removes it. The token may also stand in RUSHES_TOKEN.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { api } from "./api.ts";
import { cleanUp, type Left, travel } from "./journey.ts";
import { junit, lineOf, type Report } from "./report.ts";
import { Sentence, sentenceOf } from "./sentence.ts";

const USAGE = "Say where: npm run e2e -- --url URL [--token TOKEN] [--json FILE]";

function parse() {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { url: text, token: text, json: text } });
    if (!values.url) throw new Error("There is no --url.");
    return { ...values, url: values.url, token: values.token || process.env.RUSHES_TOKEN };
  } catch (error) {
    throw new Sentence(`${sentenceOf(error)}\n  ${USAGE}`);
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

async function main(): Promise<void> {
  const { url, token, json } = parse();
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Who asks twice does not want to wait for the cleaning up.
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort(new Sentence(`Stopped by ${signal}.`));
    });
  }
  const report: Report = { url, started: new Date().toISOString(), passed: true, steps: [] };
  const step = async <T>(title: string, run: () => Promise<T>): Promise<T> => {
    const since = Date.now();
    let failure: string | undefined;
    try {
      return await run();
    } catch (error) {
      const isOwn = error instanceof Sentence || !stopping.signal.aborted;
      const said = isOwn ? error : stopping.signal.reason;
      failure =
        said instanceof Sentence
          ? said.message
          : String(error instanceof Error ? error.stack : error);
      throw error;
    } finally {
      const seconds = (Date.now() - since) / 1000;
      const one = { title, seconds, ...(failure !== undefined && { failure }) };
      report.steps.push(one);
      report.passed &&= failure === undefined;
      process.stdout.write(`${lineOf(one)}\n`);
    }
  };
  const left: Left = {};
  const at = api(url, token);
  process.stdout.write(`\n  A video through ${at.origin}\n\n`);
  // What failed is told by its step.
  const { signal } = stopping;
  await travel({ api: at, token, chromium: process.env.CHROMIUM_PATH, signal, left, step }).catch(
    () => {
      report.passed = false;
    },
  );
  if (left.uploadId !== undefined) {
    await step("Remove the video again", () => cleanUp({ api: at, left })).catch(() => {});
  }
  await write(report, json);
  const seconds = report.steps.reduce((sum, one) => sum + one.seconds, 0);
  process.stdout.write(
    `\n  ${report.passed ? "Everything works" : "It does not work"} (${seconds.toFixed(1)} s)\n\n`,
  );
  process.exitCode = report.passed ? 0 : 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Sentence)) throw error;
  process.stderr.write(`\n  ${error.message}\n\n`);
  process.exitCode = 1;
}
