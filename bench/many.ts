import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { spawnStack } from "../packages/testing/process.ts";
import { LONG_MS, recordTasks, type Tasks } from "../packages/web/e2e/long-tasks.ts";
import playwright from "../playwright.config.ts";

export const name = "many";

const FILES = 1_000;
const WAIT_MS = 600_000;

async function uploadAll(page: Page, folder: string): Promise<void> {
  await page.getByLabel("Folder to upload").setInputFiles(folder);
  // Not by text on the whole page: that would search all of it twice a second, on the thread that is measured.
  await page
    .locator(`section[aria-label="Upload"] h2:has-text("${FILES} files uploaded")`)
    .waitFor({ timeout: WAIT_MS });
}

/**
 * A thousand small files in Chromium: no task of the app may block the page's main thread for longer than 50 ms. It
 * counts CPU time, so that a busy machine does not make a task long.
 */
export async function run(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "rushes-many-"));
  const folder = join(root, "card");
  await mkdir(folder);
  for (let index = 0; index < FILES; index += 1) {
    await writeFile(join(folder, `clip ${index}.mp4`), "no video".repeat(256));
  }
  const stack = await spawnStack();
  const browser = await chromium.launch(playwright.use?.launchOptions);
  try {
    const page = await browser.newPage();
    await page.goto(stack.dashboard);
    return table(
      await recordTasks(browser, page, async () => {
        await page.goto(stack.dashboard);
        await uploadAll(page, folder);
      }),
    );
  } finally {
    await browser.close();
    await stack.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function table({ seconds, tasks }: Tasks): string {
  const long = tasks.filter(({ ms }) => ms > LONG_MS);
  const sum = long.reduce((total, { ms }) => total + ms, 0);
  const causes = Map.groupBy(long, ({ cause }) => cause);
  return [
    `| ${FILES} files of 2 KiB in Chromium | |`,
    "|---|---|",
    `| from the choice to the last job | ${seconds.toFixed(1)} s |`,
    `| tasks of the app over ${LONG_MS} ms | ${long.length} |`,
    `| longest task of the app | ${(tasks[0]?.ms ?? 0).toFixed(0)} ms |`,
    `| all over ${LONG_MS} ms | ${sum.toFixed(0)} ms, ${(sum / 10 / seconds || 0).toFixed(1)} % of the time |`,
    ...[...causes].map(([cause, { length }]) => `| of these in ${cause} | ${length} |`),
    "",
    `No task over ${LONG_MS} ms: ${long.length === 0 ? "met" : "missed"}.`,
  ].join("\n");
}
