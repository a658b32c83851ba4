/** Uploads that stop before their end, and the handles of their files. */
import type { Page } from "@playwright/test";
import { test as base, expect, isFirefox } from "./person.ts";

/**
 * For tests that interrupt uploads. After each, also after one that has failed, all pages are closed and no upload is open:
 * the next test, or the second try, would show it.
 */
export const test = base.extend<{ noUploadsLeft: undefined }>({
  noUploadsLeft: [
    async ({ browser, playwright, baseURL }, use) => {
      await use(undefined);
      // They would continue their uploads.
      await Promise.all(browser.contexts().map((context) => context.close()));
      const request = await playwright.request.newContext({
        ...(baseURL !== undefined && { baseURL, extraHTTPHeaders: { origin: baseURL } }),
      });
      const { uploads } = await (await request.get("/api/uploads?status=open&limit=100")).json();
      for (const { id } of uploads) await request.delete(`/api/uploads/${id}`);
      await request.dispose();
    },
    { auto: true },
  ],
});

/** Browsers log every failed request to the console. The second is Firefox's. */
export const BLOCKED = /net::ERR_BLOCKED_BY_CLIENT|^Cross-Origin Request Blocked: .*partNumber=3/;

/** Keeps one part of every upload from being sent. Returns a function that lets it through from then on. */
export async function holdPart(page: Page, number: number): Promise<() => Promise<void>> {
  if (isFirefox(page)) {
    const part = new RegExp(`partNumber=${number}\\b`);
    await page.route(part, (route) => route.abort());
    return () => page.unroute(part);
  }
  // Playwright's own way would pass every request through the test, with the bytes of the parts.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const block = async (...urls: string[]) => {
    await devtools.send("Network.setBlockedURLs", { urls });
  };
  await block(`*partNumber=${number}*`);
  return () => block();
}

export const section = (page: Page) => page.getByRole("region", { name: "Unfinished uploads" });
export const row = (page: Page, name: string) =>
  section(page).getByRole("listitem").filter({ hasText: name });

/** Waits until all parts but one of the upload have arrived. */
export async function mostArrived(page: Page): Promise<void> {
  await expect(async () => {
    const { uploads } = await (await page.request.get("/api/uploads?status=open")).json();
    const { parts } = await (await page.request.get(`/api/uploads/${uploads[0].id}/parts`)).json();
    expect(parts).toHaveLength(5);
  }).toPass();
}

/** The file whose handle the picker gives. */
export const KEPT = "kept.mp4";

/**
 * A picker that gives a handle of a file with 33 MiB. Handles of the browser's own folder are like those of its picker, which
 * Playwright cannot answer.
 */
export async function giveHandles(page: Page): Promise<void> {
  await page.addInitScript((file) => {
    const folder = () => navigator.storage.getDirectory();
    const showOpenFilePicker = async () => {
      Object.assign(window, { hasPicked: true });
      return [await (await folder()).getFileHandle(file)];
    };
    Object.assign(window, { showOpenFilePicker });
  }, KEPT);
  await page.goto("/");
  await page.evaluate(async (file) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle(file, { create: true });
    const stream = await handle.createWritable();
    await stream.write(new Uint8Array(33 * 1024 ** 2));
    await stream.close();
  }, KEPT);
}

/** Chooses the file with its handle. */
export async function chooseKept(page: Page): Promise<void> {
  // Until the engine's code is there, the button opens the picker without handles.
  await expect(async () => {
    await page.getByRole("button", { name: "Choose files" }).click();
    expect(await page.evaluate(() => "hasPicked" in window)).toBe(true);
  }).toPass();
}

/** Uploads the file but for one part, then leaves the page and returns. */
export async function interruptKept(page: Page): Promise<void> {
  const release = await holdPart(page, 3);
  await chooseKept(page);
  await mostArrived(page);
  page.once("dialog", (dialog) => dialog.accept());
  await page.goto("/");
  await release();
}

/** The numbers of the parts that the page sends from now on. */
export function recordParts(page: Page): (string | null)[] {
  const sent: (string | null)[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (request.method() === "PUT") sent.push(url.searchParams.get("partNumber"));
  });
  return sent;
}
