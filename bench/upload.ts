import { randomFillSync } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { chromium, type Page } from "@playwright/test";
import { spawnStack } from "../packages/testing/process.ts";
import playwright from "../playwright.config.ts";
import { startSink } from "./sink.ts";

export const name = "upload";

const SIZE_BYTES = 1024 ** 3;
const TARGET = 0.9;
const WAIT_MS = 180_000;

/** A file of random bytes, which cannot be compressed. */
async function randomFile(path: string): Promise<void> {
  const block = randomFillSync(Buffer.allocUnsafe(1024 ** 2));
  const blocks = function* () {
    for (let index = 0; index < SIZE_BYTES / block.length; index += 1) {
      block.writeUInt32BE(index, 0);
      yield Buffer.from(block);
    }
  };
  await pipeline(Readable.from(blocks()), createWriteStream(path));
}

/** Seconds of one XHR PUT of the whole file, from send to response, in a page of the sink's own origin. */
async function plainPut(page: Page, sink: string, path: string): Promise<number> {
  await page.route(`${sink}/page`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<input type=file>" }),
  );
  await page.goto(`${sink}/page`);
  await page.unrouteAll();
  await page.locator("input").setInputFiles(path);
  return page.evaluate(async (url) => {
    const file = document.querySelector("input")?.files?.[0];
    if (!file) throw new Error("No file was chosen.");
    const started = performance.now();
    await new Promise<void>((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open("PUT", url);
      xhr.onload = () => (xhr.status < 300 ? resolve() : reject(new Error(`${xhr.status}`)));
      xhr.onerror = () => reject(new Error("The sink did not answer."));
      xhr.send(file);
    });
    return (performance.now() - started) / 1000;
  }, `${sink}/object`);
}

/**
 * Seconds of the upload page with the same file: from the selection of the file until the service has
 * accepted the completed upload, including the API calls.
 */
async function throughEngine(page: Page, dashboard: string, path: string): Promise<number> {
  await page.goto(dashboard);
  await page.evaluate(() => {
    const mark = (what: string) => performance.mark(what);
    document.querySelector("input[type=file]")?.addEventListener("change", () => mark("chosen"), {
      capture: true,
    });
    const watch = new MutationObserver(() => {
      const row = document.querySelector("ul[aria-label=Files] > li");
      const status = row?.getAttribute("data-status");
      if (status !== "finishing" && status !== "done" && status !== "failed") return;
      watch.disconnect();
      mark(status === "failed" ? "failed" : "stored");
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await page.getByLabel("Files to upload").setInputFiles(path);
  const taken = await page.waitForFunction(
    () => {
      const at = (what: string) => performance.getEntriesByName(what)[0]?.startTime;
      if (at("failed") !== undefined) throw new Error("The upload failed.");
      const [chosen, stored] = [at("chosen"), at("stored")];
      return chosen !== undefined && stored !== undefined ? (stored - chosen) / 1000 : undefined;
    },
    undefined,
    { timeout: WAIT_MS, polling: 100 },
  );
  const seconds = await taken.jsonValue();
  if (seconds === undefined) throw new Error("No time was taken.");
  const row = page.getByRole("list", { name: "Files" }).getByRole("listitem");
  const job = await row.getByRole("link").getAttribute("href", { timeout: WAIT_MS });
  await page.request.delete(`${dashboard}/api${job}`, { headers: { origin: dashboard } });
  return seconds;
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/**
 * 1 GiB in Chromium through the upload engine into the local S3, compared with one XHR PUT of the same file into a Node
 * sink that hashes md5 and writes with fsync. The runs alternate, so that a machine that slows down
 * does so for both.
 */
export async function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-upload-"));
  const path = join(folder, "one gibibyte.mp4");
  await randomFile(path);
  const stack = await spawnStack({
    settings: { RUSHES_MAX_SIZE_BYTES: String(2 * SIZE_BYTES) },
  });
  const sink = await startSink(folder);
  const browser = await chromium.launch(playwright.use?.launchOptions);
  const seconds = { engine: [] as number[], plain: [] as number[] };
  try {
    for (let round = 0; round < runs; round += 1) {
      const page = await browser.newPage();
      seconds.plain.push(await plainPut(page, sink.url, path));
      seconds.engine.push(await throughEngine(page, stack.dashboard, path));
      await page.close();
    }
  } finally {
    await browser.close();
    await sink.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return table(seconds.engine, seconds.plain);
}

function table(engine: number[], plain: number[]): string {
  const speed = (seconds: number[]) => SIZE_BYTES / 1e6 / median(seconds);
  const ratio = speed(engine) / speed(plain);
  const runs = (seconds: number[]) => seconds.map((value) => value.toFixed(2)).join(", ");
  const line = (what: string, seconds: number[]) =>
    `| ${what} | ${median(seconds).toFixed(2)} | ${speed(seconds).toFixed(0)} | ${runs(seconds)} |`;
  return [
    `| 1 GiB in Chromium | seconds (median of ${engine.length}) | MB/s | runs |`,
    "|---|---|---|---|",
    line("upload engine into the local S3", engine),
    line("one XHR PUT into a sink (md5, fsync)", plain),
    "",
    `Speed against the sink: ${ratio.toFixed(2)} (target ≥ ${TARGET}): ${ratio >= TARGET ? "met" : "missed"}.`,
  ].join("\n");
}
