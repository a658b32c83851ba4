/** What the cases of the upload benchmark share: the servers, the lines, the browser, and one measured upload. */
import { link, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { type Browser, chromium, type Page } from "@playwright/test";
import * as z from "zod";
import { isTerminal, STATUSES } from "../packages/core/job/status.ts";
import { type StackProcess, spawnStack } from "../packages/testing/process.ts";
import { until } from "../packages/testing/until.ts";
import playwright from "../playwright.config.ts";
import { json } from "./complete-video.ts";
import { type Line, type Put, type Speed, startLine } from "./line.ts";
import { randomFile } from "./random-file.ts";
import { startSigning } from "./signing.ts";
import { PLAIN, uppyScript } from "./uppy.ts";

export const MIB = 1024 ** 2;
const WAIT_MS = 240_000;

/** What uploads: the upload page, one XHR PUT, or Uppy 5 or 6. */
export type Contender = "rushes" | "plain" | "uppy-5" | "uppy-6";

export interface Bench {
  folder: string;
  browser: Browser;
  stack: StackProcess;
  s3: S3Client;
  bucket: string;
  lines: { s3: Line; web: Line };
}

/** Starts everything that the cases share. Closes it after `act`. */
export async function withBench<T>(act: (bench: Bench) => Promise<T>): Promise<T> {
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
export async function filesOf(
  { folder }: Bench,
  sizeBytes: number,
  count: number,
): Promise<string[]> {
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
export async function open({ browser, stack }: Bench, contender: Contender): Promise<Page> {
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
export async function send(page: Page, contender: Contender, paths: string[]): Promise<number> {
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
export async function settle(
  { stack, s3, bucket }: Bench,
  files: number,
  since: string,
): Promise<void> {
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

export interface Result {
  seconds: number;
  puts: readonly Put[];
}

export async function measure(
  bench: Bench,
  contender: Contender,
  paths: string[],
  { speed, isBusy }: { speed: Speed; isBusy?: boolean },
): Promise<Result> {
  const { lines } = bench;
  lines.web.set({ roundTripMs: speed.roundTripMs ?? 0 });
  const page = await open(bench, contender);
  lines.s3.set(speed, isBusy);
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
