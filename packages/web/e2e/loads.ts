/** Measures how a page loads: its size and its layout shifts, on a slow connection or with late scripts. */
import { gzipSync } from "node:zlib";
import { type BrowserContext, expect, type Page, type Response } from "@playwright/test";

declare global {
  interface Window {
    shifts?: { value: number; of: string[] }[];
  }
}

/** Scripts that a page loaded, by URL, with their size in bytes after gzip -9. */
export type Weight = Map<string, number>;

export const sum = (weight: Weight): number => [...weight.values()].reduce((a, b) => a + b, 0);

const isScript = (url: string) => new URL(url).pathname.endsWith(".js");

/** Opens `path`, and waits until it is idle. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** Opens `path`, waits until it is idle, and returns all scripts that loaded without an interaction. */
export async function load(page: Page, path: string): Promise<Weight> {
  const { first, later } = await loadInParts(page, path);
  return new Map([...first, ...later]);
}

/**
 * As `load`: the scripts that the HTML names, and those that the page loads afterwards by itself, such as a player.
 * `last` appears last on the page.
 */
export async function loadInParts(
  page: Page,
  path: string,
  last = "body",
): Promise<{ first: Weight; later: Weight }> {
  let document = Promise.resolve("");
  const bodies = new Map<string, Promise<Buffer | undefined>>();
  const collect = (response: Response) => {
    if (response.request().resourceType() === "document") {
      document = response.text().catch(() => "");
    }
    if (!isScript(response.url())) return;
    // If the page closes or navigates, the bodies are lost.
    const body = response.body().catch(() => undefined);
    bodies.set(response.url(), body);
  };
  page.on("response", collect);
  await open(page, path);
  await expect(page.locator(last)).toBeVisible();
  page.off("response", collect);
  const html = await document;
  const first: Weight = new Map();
  const later: Weight = new Map();
  for (const [url, reading] of bodies) {
    const body = await reading;
    // A body that could not be read counts as infinitely large, so that it cannot meet a limit.
    const isFirst = html.includes(new URL(url).pathname.split("/").at(-1) ?? url);
    const bytes = body ? gzipSync(body, { level: 9 }).length : Number.POSITIVE_INFINITY;
    (isFirst ? first : later).set(url, bytes);
  }
  return { first, later };
}

/** Records every layout shift of the context's pages from the first paint. */
export async function recordShifts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const shifts: NonNullable<Window["shifts"]> = [];
    window.shifts = shifts;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // The DOM types do not include layout shifts.
        const { value, sources } = entry as unknown as {
          value: number;
          sources: { node?: Node | null }[];
        };
        const name = (node: Node | null | undefined) =>
          node instanceof Element ? node.outerHTML.slice(0, 90) : (node?.textContent ?? "gone");
        shifts.push({ value, of: sources.map(({ node }) => name(node)) });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** The sum of all layout shifts so far (the web vital uses the worst five seconds), and what moved. */
export async function shifted(page: Page): Promise<{ total: number; of: string[] }> {
  const shifts = await page.evaluate(
    () =>
      new Promise<NonNullable<Window["shifts"]>>((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifts ?? []))),
      ),
  );
  return {
    total: shifts.reduce((total, { value }) => total + value, 0),
    of: shifts.flatMap(({ value, of }) => `${value.toFixed(4)} ${of.join(" | ")}`),
  };
}

/** Slows the connection, so that API responses arrive visibly later than the page. */
export async function slowLine(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    ...{ offline: false, latency: 100, downloadThroughput: 1.25e6, uploadThroughput: 1.25e6 },
  });
}

/**
 * As `open`, for a page with late scripts. The processor is slower by the factor `times` until the page has hydrated:
 * Chromium keeps the machine's processor busy for the rest of the time, also while the page is idle.
 */
export async function openLate(page: Page, path: string, times: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: times });
  await page.goto(path, { waitUntil: "load" });
  // React hydrates in tasks of the page, so it has ended once the page is idle.
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await devtools.detach();
  // Playwright sometimes misses the end of a request of the page before, and would wait for it until the test ends. By
  // then this page is idle.
  await page.waitForLoadState("networkidle", { timeout: 20_000 }).catch(() => {});
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** Delays scripts that are not in `shell`: the layout hydrates, and may call the API, before the page does. */
export async function latePages(page: Page, shell: Weight, lateMs = 600): Promise<void> {
  await page.route(
    (url) => isScript(url.href) && !shell.has(url.href),
    async (route) => {
      await new Promise((done) => setTimeout(done, lateMs));
      await route.continue();
    },
  );
}
