import { writeFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { type FaultProxy, startFaultProxy } from "@rushes/testing/fault-proxy";
import { pageOn } from "./line.ts";
import { expect, fileRow } from "./person.ts";
import { speedOf } from "./speed.ts";
import { test as shared } from "./unfinished.ts";

/** A proxy, and a way to start browsers. Both end with the test, also if it fails. */
const test = shared.extend<{ faults: FaultProxy; launch(): Promise<Browser> }>({
  async faults({ browserName }, use) {
    expect(browserName).toBe("chromium");
    const proxy = await startFaultProxy();
    await use(proxy);
    await proxy.close();
  },
  async launch({ browser }, use, testInfo) {
    const launched: Browser[] = [];
    await use(async () => {
      const next = await browser.browserType().launch(testInfo.project.use.launchOptions);
      launched.push(next);
      return next;
    });
    for (const one of launched) await one.close();
  },
});

/** Uploads take two seconds, so that they can be interrupted at any byte. */
const limitSpeed = async (page: Page) => (await speedOf(page))(20e6);

/** Not a video, so that nothing encodes it. */
const LARGE_BYTES = 36 * 1024 ** 2;
/** It is sent in six parts. */
const PART_BYTES = LARGE_BYTES / 6;
/** For each kind. The nightly tests set it. */
const ROUNDS = Number(process.env.RUSHES_FAULT_ROUNDS ?? 1);

/** Crashes the page or the browser at once, as the operating system does when memory runs out. */
async function kill(browser: Browser, page: Page, what: "tab" | "browser"): Promise<void> {
  if (what === "tab") {
    const crashed = page.waitForEvent("crash");
    const devtools = await page.context().newCDPSession(page);
    devtools.send("Page.crash").catch(() => {});
    await crashed;
    await page.context().close();
    return;
  }
  const ended = new Promise((done) => browser.once("disconnected", done));
  const devtools = await browser.newBrowserCDPSession();
  devtools.send("Browser.crash").catch(() => {});
  await ended;
}

for (const killed of ["tab", "browser"] as const) {
  test(`continues an upload whose ${killed} was killed at a random byte, and leaves one video`, async ({
    faults,
    launch,
    baseURL,
    request,
  }, testInfo) => {
    test.setTimeout(30_000 + ROUNDS * 30_000);
    let current = await launch();
    for (let round = 0; round < ROUNDS; round += 1) {
      // The first try may have left a video.
      const name = `killed ${killed} round${round} try${testInfo.retry}.mp4`;
      const path = testInfo.outputPath(name);
      await writeFile(path, Buffer.alloc(LARGE_BYTES, `${Math.random()} `));
      faults.plan([]);
      const first = await pageOn(faults, current, baseURL);
      await limitSpeed(first);
      const reached = new Promise<void>((done) => {
        const at = Math.floor(Math.random() * LARGE_BYTES);
        testInfo.annotations.push({ type: "killed at byte", description: String(at) });
        // Nothing more arrives, however long the kill takes.
        faults.at(at, () => {
          faults.disconnect();
          done();
        });
      });
      await first.goto("/");
      await first.getByLabel("Files to upload").setInputFiles(path);
      await reached;
      await kill(current, first, killed);
      faults.connect();
      if (killed === "browser") current = await launch();

      const second = await pageOn(faults, current, baseURL);
      await second.goto("/");
      await second.getByLabel("Files to upload").setInputFiles(path);
      await expect(fileRow(second, name)).toHaveAttribute("data-status", "done", {
        timeout: 30_000,
      });
      const open = await request.get("/api/uploads?status=open");
      expect((await open.json()).uploads).toEqual([]);
      const jobs = await request.get(`/api/jobs?${new URLSearchParams({ q: name })}`);
      expect((await jobs.json()).jobs).toHaveLength(1);
      const { sentBytes, hitPuts } = faults.counts();
      expect(sentBytes).toBeLessThanOrEqual(LARGE_BYTES + hitPuts * PART_BYTES);
      await second.context().close();
    }
  });
}
