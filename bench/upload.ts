/**
 * Uploads of Chromium through the upload page, compared with one XHR PUT and with Uppy: the same files into the same S3
 * over the same line, in alternating order.
 *
 *   npm run bench -- upload [--runs N] [--case NAME]
 */
import { link, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { type Browser, chromium, type Page } from "@playwright/test";
import * as z from "zod";
import { isTerminal, STATUSES } from "../packages/core/job/status.ts";
import { type StackProcess, spawnStack } from "../packages/testing/process.ts";
import { until } from "../packages/testing/until.ts";
import { LONG_MS, recordTasks } from "../packages/web/e2e/long-tasks.ts";
import playwright from "../playwright.config.ts";
import { json } from "./complete-video.ts";
import { type Busy, type Line, type Put, type Speed, startLine } from "./line.ts";
import { memoryOf } from "./memory.ts";
import { randomFile } from "./random-file.ts";
import { startSigning } from "./signing.ts";
import { PLAIN, uppyScript, VERSIONS } from "./uppy.ts";

export const name = "upload";
export const runs = 5;

const MIB = 1024 ** 2;
const WAIT_MS = 240_000;
/** The largest PUT outside of a multipart upload. */
const SINGLE_BYTES = 32 * MIB;
const MEMORY_BYTES = 150 * 1e6;

/** What uploads: the upload page, one XHR PUT, or Uppy 5 or 6. */
const CONTENDERS = ["rushes", "plain", "uppy-5", "uppy-6"] as const;
type Contender = (typeof CONTENDERS)[number];
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
  busy?: Busy;
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
    ...{ sizeBytes: 128 * MIB, files: 1, speed: FAR, busy: "early" },
    ...{ others: UPPY, bars: { uppy: 0.97 }, mostBytes: 1.15, runs: 3 },
  },
  loopback: {
    ...{ title: "loopback, one file of 512 MiB", sizeBytes: 512 * MIB, files: 1, speed: {} },
    ...{ others: ["plain", ...UPPY], bars: { plain: 0.55, uppy: 0.97 } },
  },
};
/** Measures the page itself, instead of its speed. */
const PAGE_CASE = "page";

interface Bench {
  folder: string;
  browser: Browser;
  stack: StackProcess;
  s3: S3Client;
  bucket: string;
  lines: { s3: Line; web: Line };
}

/** Starts everything that the cases share. Closes it after `act`. */
async function withBench<T>(act: (bench: Bench) => Promise<T>): Promise<T> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), "rushes-upload-"));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const scripts = {
      plain: PLAIN,
      "uppy-5": await uppyScript("5"),
      "uppy-6": await uppyScript("6"),
    };
    const stack = await spawnStack();
    closing.push(() => stack.stop());
    const { AWS_ENDPOINT_URL_S3: endpoint = "", AWS_REGION: region = "" } = stack.env;
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } =
      stack.env;
    const s3 = new S3Client({
      ...{ endpoint, region, forcePathStyle: true },
      credentials: { accessKeyId, secretAccessKey },
      // Otherwise the presigner signs the checksum of an empty body.
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const bucket = z
      .object({ name: z.string() })
      .parse(JSON.parse(stack.env.SST_RESOURCE_Uploads ?? "{}")).name;
    const signing = await startSigning({ dashboard: stack.dashboard, s3, bucket, scripts });
    closing.push(signing.close);
    const lines = {
      s3: await startLine(Number(new URL(endpoint).port)),
      web: await startLine(signing.port),
    };
    closing.push(lines.s3.close, lines.web.close);
    const browser = await chromium.launch(throughLines(stack.dashboard, endpoint, lines));
    closing.push(() => browser.close());
    return await act({ folder, browser, stack, s3, bucket, lines });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Chromium that reaches the two servers through the lines, under their own URLs. */
function throughLines(dashboard: string, endpoint: string, lines: Bench["lines"]) {
  const { args = [], ...options } = playwright.use?.launchOptions ?? {};
  const rules = [
    `MAP ${new URL(dashboard).host} 127.0.0.1:${lines.web.port}`,
    `MAP ${new URL(endpoint).host} 127.0.0.1:${lines.s3.port}`,
  ];
  return { ...options, args: [...args, `--host-resolver-rules=${rules.join(",")}`] };
}

/** Files of random bytes. */
async function filesOf({ folder }: Bench, sizeBytes: number, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, at) => join(folder, `${sizeBytes}-${at}.mp4`));
  const [first = ""] = paths;
  await randomFile(first, sizeBytes);
  for (const path of paths.slice(1)) {
    // The bytes of large files may be the same.
    if (sizeBytes > MIB) await link(first, path);
    else await randomFile(path, sizeBytes);
  }
  return paths;
}

/** Opens the page of a contender, in a context of its own: no connection is open. */
async function open({ browser, stack }: Bench, contender: Contender): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => performance.setResourceTimingBufferSize(100_000));
  const path = contender === "rushes" ? "" : `/bench/${contender}`;
  await page.goto(`${stack.dashboard}${path}`, { waitUntil: "networkidle" });
  if (contender !== "rushes") return page;
  await page.evaluate(() => {
    const mark = () => performance.mark("chosen");
    document.querySelector("input[type=file]")?.addEventListener("change", mark, { capture: true });
  });
  // As the pointer does on its way to the button: it loads the engine.
  const loaded = page.waitForResponse((response) => response.url().endsWith(".js"));
  await page.locator('section[aria-label="Upload"]').hover();
  await loaded;
  await page.waitForLoadState("networkidle");
  return page;
}

/** Seconds from the choice of the files until the servers have accepted the last one. */
async function send(page: Page, contender: Contender, paths: string[]): Promise<number> {
  await page.locator("input[type=file]:not([webkitdirectory])").first().setInputFiles(paths);
  const taken = await page.waitForFunction(
    ({ isRushes, count }) => {
      const [chosen] = performance.getEntriesByName("chosen");
      const [failed] = performance.getEntriesByName("failed");
      if (failed instanceof PerformanceMark) throw new Error(failed.detail);
      if (document.querySelector('[data-status="failed"]')) throw new Error("A file failed.");
      const completed = performance
        .getEntriesByType("resource")
        .filter(({ name: url }) => /\/api\/uploads\/[^/]+\/complete$/.test(url));
      const ends = isRushes
        ? completed.map((entry) => entry.startTime + entry.duration)
        : performance.getEntriesByName("stored").map(({ startTime }) => startTime);
      if (!chosen || ends.length < (isRushes ? count : 1)) return undefined;
      return (Math.max(...ends) - chosen.startTime) / 1_000;
    },
    { isRushes: contender === "rushes", count: paths.length },
    { timeout: WAIT_MS, polling: 50 },
  );
  return z.number().parse(await taken.jsonValue());
}

const Jobs = z.object({
  jobs: z.array(z.object({ status: z.enum(STATUSES), time: z.object({ created: z.string() }) })),
  cursor: z.string().optional(),
});

/** Waits until the jobs of these files have ended, and empties the bucket: the next upload finds an idle machine. */
async function settle({ stack, s3, bucket }: Bench, files: number, since: string): Promise<void> {
  await until(async () => {
    let ended = 0;
    let cursor = "";
    do {
      const query = `limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = Jobs.parse(await json(`${stack.dashboard}/api/jobs?${query}`));
      const fresh = page.jobs.filter(({ time }) => time.created >= since);
      if (fresh.some(({ status }) => !isTerminal(status))) return false;
      ended += fresh.length;
      cursor = fresh.length === page.jobs.length ? (page.cursor ?? "") : "";
    } while (cursor);
    return ended >= files;
  }, WAIT_MS);
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length > 0) {
      await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    }
  }
}

interface Result {
  seconds: number;
  puts: readonly Put[];
}

async function measure(
  bench: Bench,
  contender: Contender,
  paths: string[],
  { speed, busy }: Pick<Case, "speed" | "busy">,
): Promise<Result> {
  const { lines } = bench;
  lines.web.set({ roundTripMs: speed.roundTripMs ?? 0 });
  const page = await open(bench, contender);
  lines.s3.set(speed, busy);
  const since = new Date().toISOString();
  try {
    const seconds = await send(page, contender, paths);
    return { seconds, puts: [...lines.s3.puts()] };
  } finally {
    await page.context().close();
    lines.s3.set({});
    await settle(bench, paths.length, since);
  }
}

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
  if (!one.busy) lines.push(["PUTs given up", String(aborted), "0", aborted === 0]);
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
