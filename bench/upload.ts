/**
 * Uploads of Chromium through the upload page, compared with one XHR PUT and with Uppy: the same files into the same S3
 * over the same line, in alternating order.
 *
 *   npm run bench -- upload [--runs N] [--case NAME]
 */
import { rm } from "node:fs/promises";
import { LONG_MS, recordTasks } from "../packages/web/e2e/long-tasks.ts";
import type { Speed } from "./line.ts";
import { memoryOf } from "./memory.ts";
import {
  type Bench,
  type Contender,
  filesOf,
  MIB,
  measure,
  open,
  type Result,
  send,
  settle,
  withBench,
} from "./upload-bench.ts";
import { VERSIONS } from "./uppy.ts";

export const name = "upload";
export const runs = 5;

/** The largest PUT outside of a multipart upload. */
const SINGLE_BYTES = 32 * MIB;
const MEMORY_BYTES = 150 * 1e6;

const TITLES: Record<Contender, string> = {
  rushes: "upload page",
  plain: "one XHR PUT",
  "uppy-5": "Uppy 5",
  "uppy-6": "Uppy 6",
};

interface Case {
  title: string;
  sizeBytes: number;
  files: number;
  speed: Speed;
  isBusy?: boolean;
  /** Others than the upload page. */
  others: readonly Contender[];
  /** How much faster than one PUT, and than the better Uppy, the upload page has to be. */
  bars: { plain?: number; uppy?: number };
  /** The most bytes that may be sent, as a multiple of the size. */
  mostBytes?: number;
  /** The default is that of the benchmark. */
  runs?: number;
}

const GIGABIT: Speed = { shared: 125e6 };
const FAR: Speed = { perConnection: 10e6, roundTripMs: 40 };
const UPPY = ["uppy-5", "uppy-6"] as const;
const isUppy = (contender: Contender) => UPPY.some((uppy) => uppy === contender);
const MUCH_SLOWER = 2;

const CASES: Record<string, Case> = {
  gigabit: {
    ...{ title: "1 Gbit/s, one file of 256 MiB", sizeBytes: 256 * MIB, files: 1, speed: GIGABIT },
    ...{ others: ["plain", ...UPPY], bars: { plain: 0.97, uppy: 0.97 } },
  },
  far: {
    title: "10 MB/s for each connection, 40 ms, one file of 128 MiB",
    ...{ sizeBytes: 128 * MIB, files: 1, speed: FAR },
    ...{ others: ["plain", ...UPPY], bars: { plain: 3.8, uppy: 0.97 } },
  },
  small: {
    ...{ title: "40 ms, 200 files of 1 MiB", sizeBytes: MIB, files: 200 },
    ...{ speed: { roundTripMs: 40 }, others: UPPY, bars: { uppy: 1.3 } },
  },
  slow: {
    title: "3 MB/s for all connections, 40 ms, one file of 48 MiB",
    ...{ sizeBytes: 48 * MIB, files: 1, speed: { shared: 3e6, roundTripMs: 40 } },
    ...{ others: UPPY, bars: { uppy: 0.97 }, mostBytes: 1.01, runs: 1 },
  },
  busy: {
    title:
      "every fifth PUT answered with 503 at once, 10 MB/s for each connection, 40 ms, one file of 128 MiB",
    ...{ sizeBytes: 128 * MIB, files: 1, speed: FAR, isBusy: true },
    ...{ others: UPPY, bars: { uppy: 0.97 }, mostBytes: 1.15, runs: 3 },
  },
  loopback: {
    ...{ title: "loopback, one file of 512 MiB", sizeBytes: 512 * MIB, files: 1, speed: {} },
    ...{ others: ["plain", ...UPPY], bars: { plain: 0.55, uppy: 0.97 } },
  },
};
/** Measures the page itself, instead of its speed. */
const PAGE_CASE = "page";

/** The whole takes minutes, so it shows what it has by now. */
const progress = (text: string) => void process.stderr.write(`${text}\n`);

type Results = Map<Contender, Result[]>;

/**
 * Every contender in every round, each round starting with the next one. An Uppy that is much slower than the other one
 * runs once: the figures are about the faster one, and each of its runs would take up to half a minute.
 */
async function runCase(bench: Bench, one: Case, count: number): Promise<Results> {
  const paths = await filesOf(bench, one.sizeBytes, one.files);
  let contenders: Contender[] = ["rushes", ...one.others];
  const results: Results = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < count; round += 1) {
    for (const at of contenders.keys()) {
      const contender = contenders[(at + round) % contenders.length] ?? "rushes";
      const result = await measure(bench, contender, paths, one);
      results.get(contender)?.push(result);
      progress(`${TITLES[contender]}: ${result.seconds.toFixed(2)} s`);
    }
    const fastest = Math.min(...UPPY.map((uppy) => median(secondsOf(results, uppy))));
    contenders = contenders.filter(
      (contender) =>
        !isUppy(contender) || median(secondsOf(results, contender)) <= MUCH_SLOWER * fastest,
    );
  }
  for (const path of paths) await rm(path);
  return results;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const secondsOf = (results: Results, contender: Contender) =>
  (results.get(contender) ?? []).map(({ seconds }) => seconds);

const met = (isMet: boolean) => (isMet ? "met" : "**missed**");

/** Bytes that were sent, as a multiple of the size, in the worst run. */
function sentOf(results: Result[], { sizeBytes, files }: Case): number {
  const sent = results.map(({ puts }) => puts.reduce((sum, put) => sum + put.sentBytes, 0));
  return Math.max(...sent) / sizeBytes / files;
}

function rowsOf(one: Case, results: Results): string[] {
  const { title, bars, mostBytes } = one;
  const sent = results.get("rushes") ?? [];
  const seconds = median(secondsOf(results, "rushes"));
  const against = (contender: Contender) => median(secondsOf(results, contender)) / seconds;
  const [best = "uppy-6"] = UPPY.toSorted((a, b) => against(a) - against(b));
  const times = [...results.keys()].map(
    (contender) => `${TITLES[contender]} ${median(secondsOf(results, contender)).toFixed(2)} s`,
  );
  const puts = sent.flatMap((result) => result.puts);
  const largest = Math.max(...puts.filter(({ isPart }) => !isPart).map((put) => put.sizeBytes), 0);
  const aborted = puts.filter(({ isAborted }) => isAborted).length;
  const lines: [string, string, string, boolean][] = [];
  const ratio = (what: string, value: number, bar: number) =>
    lines.push([`speed of ${what}`, value.toFixed(2), `≥ ${bar}`, value >= bar]);
  if (bars.plain !== undefined) ratio("one XHR PUT", against("plain"), bars.plain);
  if (bars.uppy !== undefined) ratio(`${TITLES[best]}, the faster one`, against(best), bars.uppy);
  if (mostBytes !== undefined) {
    const bytes = sentOf(sent, one);
    lines.push(["bytes sent / size", bytes.toFixed(3), `≤ ${mostBytes}`, bytes <= mostBytes]);
  }
  if (!one.isBusy) lines.push(["PUTs given up", String(aborted), "0", aborted === 0]);
  lines.push([
    "largest PUT outside of multipart, MiB",
    (largest / MIB).toFixed(1),
    "≤ 32",
    largest <= SINGLE_BYTES,
  ]);
  return lines.map(([what, value, bar, isMet], at) =>
    at === 0
      ? `| ${title}: ${times.join(", ")} (${sent.length}) | ${what} | ${value} | ${bar}: ${met(isMet)} |`
      : `| | ${what} | ${value} | ${bar}: ${met(isMet)} |`,
  );
}

/** Tasks and memory of the page while four files of 256 MiB upload. */
async function pageRows(bench: Bench): Promise<string[]> {
  const { browser, lines } = bench;
  const paths = await filesOf(bench, 256 * MIB, 4);
  lines.web.set({});
  lines.s3.set({});
  const started = () => new Date().toISOString();

  let since = started();
  let page = await open(bench, "rushes");
  const { tasks } = await recordTasks(browser, page, async () => {
    await send(page, "rushes", paths);
  });
  await page.context().close();
  await settle(bench, paths.length, since);

  since = started();
  page = await open(bench, "rushes");
  const memory = await memoryOf(browser, async () => {
    await send(page, "rushes", paths);
  });
  await page.context().close();
  await settle(bench, paths.length, since);

  const [longest = { ms: 0, cause: "" }] = tasks;
  const { overIdle } = memory;
  return [
    `| four files of 256 MiB at once, loopback | longest task of the page, ms | ${longest.ms.toFixed(0)} ${longest.cause} | ≤ ${LONG_MS}: ${met(longest.ms <= LONG_MS)} |`,
    `| | memory of Chromium over idle, MB | ${(overIdle / 1e6).toFixed(0)} | ≤ ${MEMORY_BYTES / 1e6}: ${met(overIdle <= MEMORY_BYTES)} |`,
  ];
}

/** Returns a table in Markdown. `only` is the name of one case. */
export async function run(options: { runs: number; only?: string | undefined }): Promise<string> {
  const names = [...Object.keys(CASES), PAGE_CASE];
  const wanted = options.only === undefined ? names : [options.only];
  const unknown = wanted.find((one) => !names.includes(one));
  if (unknown !== undefined) throw new Error(`Say which case: ${names.join(", ")}.`);
  const rows = await withBench(async (bench) => {
    const all: string[] = [];
    for (const key of wanted) {
      const one = CASES[key];
      const made = one
        ? rowsOf(one, await runCase(bench, one, Math.min(options.runs, one.runs ?? Infinity)))
        : await pageRows(bench);
      all.push(...made);
      progress(made.join("\n"));
    }
    return all;
  });
  return [
    `Chromium, hashing included, medians of interleaved runs (their number is in parentheses), with ${VERSIONS}. Every`,
    "contender sends the same files to the same local S3 over the same line.",
    "",
    "| case | figure | result | target |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}
