import type { BrowserContext, Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { expect, fileRow } from "./person.ts";
import {
  chooseKept,
  giveHandles,
  holdPart,
  interruptKept,
  KEPT,
  mostArrived,
  recordParts,
  row,
  test as shared,
} from "./unfinished.ts";

/** Starts the browser with the same profile each time, on disk: one in memory does not change the time of a file. */
const test = shared.extend<{ launch(): Promise<Page> }>({
  async launch({ browser, baseURL }, use, testInfo) {
    const profile = testInfo.outputPath("profile");
    const { launchOptions } = testInfo.project.use;
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.browserType().launchPersistentContext(profile, {
        ...launchOptions,
        ...(baseURL !== undefined && { baseURL }),
      });
      contexts.push(context);
      return context.newPage();
    });
    // Still open if the test has failed.
    for (const context of contexts) await context.close();
  },
});

/** Tries to continue the upload. Its row then has the sentence, and what has arrived, and asks for the file. */
async function failsToContinue(page: Page, sentence: string): Promise<void> {
  await row(page, KEPT).getByRole("button", { name: "Continue" }).click();
  await expect(row(page, KEPT)).toContainText(sentence);
  await expect(row(page, KEPT)).toContainText("28.8 MB of 34.6 MB");
  await expect(row(page, KEPT).getByRole("button", { name: /^Choose file/ })).toBeVisible();
  await accessible(page, `an unfinished upload: ${sentence}`);
  await row(page, KEPT).getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(row(page, KEPT)).toHaveCount(0);
}

test("says that a kept file was changed or deleted, keeps what has arrived, and asks for the file", async ({
  launch,
}) => {
  const page = await launch();
  await giveHandles(page);
  await interruptKept(page);
  await page.evaluate(async (file) => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(file);
    const stream = await handle.createWritable({ keepExistingData: true });
    await stream.write({ type: "write", position: 5, data: new Uint8Array([7]) });
    await stream.close();
  }, KEPT);
  await failsToContinue(page, "has changed since this upload started");

  await interruptKept(page);
  await page.evaluate(async (file) => {
    await (await navigator.storage.getDirectory()).removeEntry(file);
  }, KEPT);
  await failsToContinue(page, "was moved or deleted");
  await page.context().close();
});

test("continues an upload with one click after a restart of the browser", async ({ launch }) => {
  const first = await launch();
  await giveHandles(first);
  await holdPart(first, 3);
  await chooseKept(first);
  await mostArrived(first);
  await first.context().close();

  const page = await launch();
  const sent = recordParts(page);
  await page.goto("/");
  await row(page, KEPT).getByRole("button", { name: "Continue" }).click();
  await expect(fileRow(page, KEPT)).toHaveAttribute("data-status", "done", { timeout: 40_000 });
  expect(sent).toEqual(["3"]);
  await page.context().close();
});
