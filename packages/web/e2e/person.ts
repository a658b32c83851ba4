import { randomBytes, randomInt } from "node:crypto";
import { appendFile, copyFile, mkdtemp } from "node:fs/promises";
import { extname, join } from "node:path";
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

/** The start of an element that readers skip: a `free` box of MP4, and `Void` of Matroska. */
const SKIPPED = {
  mp4: (sizeBytes: number) => [0, 0, sizeBytes >> 8, sizeBytes & 0xff, ...Buffer.from("free")],
  mov: (sizeBytes: number) => SKIPPED.mp4(sizeBytes),
  webm: (sizeBytes: number) => [0xec, 0x40 | ((sizeBytes - 3) >> 8), (sizeBytes - 3) & 0xff],
};
const MOST_SKIPPED = 4_000;

/**
 * Copies a clip, with other bytes and another size: Rushes does not upload a file again that is a video already. Clips that
 * no video is made of stay as they are.
 */
export async function copyClip(name: Clip, path: string): Promise<string> {
  await copyFile(clipPath(name), path);
  const end = extname(path).slice(1);
  const isVideo = !["broken", "notes", "empty", "tooLarge"].includes(name);
  if (isVideo && isSkippable(end)) {
    const bytes = randomBytes(randomInt(16, MOST_SKIPPED));
    bytes.set(SKIPPED[end](bytes.length));
    await appendFile(path, bytes);
  }
  return path;
}

const isSkippable = (end: string): end is keyof typeof SKIPPED => end in SKIPPED;

/** The path of a new copy of a clip. */
export async function freshClip(name: Clip): Promise<string> {
  const folder = await mkdtemp(join(process.env.RUSHES_E2E_FILMS ?? "", "copy-"));
  return copyClip(name, join(folder, NAMES[name]));
}

/** Selects new copies of clips with the page's own button. Resolves with their paths. */
export async function choose(page: Page, ...clips: Clip[]): Promise<string[]> {
  const paths = await Promise.all(clips.map(freshClip));
  await chooseFiles(page, paths);
  return paths;
}

/** Selects these files with the page's own button. */
export async function chooseFiles(page: Page, paths: readonly string[]): Promise<void> {
  await withoutHandles(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(paths);
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

/** True if the page is Firefox's, which some tests run in, too. */
export const isFirefox = (page: Page): boolean =>
  page.context().browser()?.browserType().name() === "firefox";
