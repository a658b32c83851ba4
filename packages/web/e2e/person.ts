import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { type Clip, NAMES } from "./clips.ts";

export { expect, NAMES };

/** The path of a clip. */
export const clipPath = (name: Clip): string =>
  join(process.env.RUSHES_E2E_FILMS ?? "", NAMES[name]);
export const inboxUrl = (): string => process.env.RUSHES_E2E_INBOX ?? "";

/**
 * Every test fails if a page logs an unexpected error or warning to its console, for example of React or
 * of the content security policy.
 */
export const test = base.extend<{
  /** Console messages that a test causes intentionally. */
  expected: { messages: RegExp[] };
  failOnConsoleMessages: undefined;
}>({
  expected: async ({ page }, use) => {
    expect(page).toBeDefined();
    await use({ messages: [] });
  },
  failOnConsoleMessages: [
    async ({ context, expected }, use) => {
      const messages: string[] = [];
      context.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        messages.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => messages.push(String(error.error())));
      await use(undefined);
      const surprising = messages.filter(
        (text) => !expected.messages.some((one) => one.test(text)),
      );
      expect(surprising, "unexpected console messages").toEqual([]);
    },
    { auto: true },
  ],
});

/** Leaves the page only the picker of an input, which every browser has: Playwright cannot answer the other one. */
export const withoutHandles = (page: Page) =>
  page.evaluate(() => Object.assign(window, { showOpenFilePicker: undefined }) && undefined);

/** Selects clips with the page's own button. */
export async function choose(page: Page, ...clips: Clip[]): Promise<void> {
  await withoutHandles(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(clips.map(clipPath));
}

/** The row of a file in the upload panel. */
export const fileRow = (page: Page, name: string): Locator =>
  page.getByRole("list", { name: "Files" }).getByRole("listitem").filter({ hasText: name });

/** The card of a video in the list, newest first. */
export const card = (page: Page, title: string): Locator =>
  page
    .getByRole("list", { name: "Videos" })
    .getByRole("listitem")
    .filter({ hasText: title })
    .first();

/** Uploads a clip on the upload page, and returns the path of its job. */
export async function upload(page: Page, name: Clip): Promise<string> {
  await page.goto("/");
  await choose(page, name);
  const open = fileRow(page, NAMES[name]).getByRole("link", { name: /^Open the video/ });
  await expect(open).toBeVisible({ timeout: 30_000 });
  const href = await open.getAttribute("href");
  expect(href).toMatch(/^\/jobs\/job_/);
  return href ?? "";
}

/** Fails if the page scrolls horizontally on a phone. */
export async function fitsPhone(page: Page, state: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const sticksOut = (element: Element) =>
      element.getBoundingClientRect().right > clientWidth &&
      !element.parentElement?.closest(".overflow-x-auto");
    return [...document.body.querySelectorAll("*")]
      .filter(sticksOut)
      .map((element) => element.outerHTML.slice(0, 120));
  });
  expect(wide, `what sticks out of ${state} at 390 px`).toEqual([]);
  if (before) await page.setViewportSize(before);
}
