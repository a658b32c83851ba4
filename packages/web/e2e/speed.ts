import type { Page } from "@playwright/test";

/** Returns a function that limits the upload speed of the page, in bytes per second, or takes it offline. */
export async function speedOf(page: Page): Promise<(upload: number | "offline") => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  return async (upload) => {
    await devtools.send("Network.emulateNetworkConditions", {
      ...{ offline: upload === "offline", latency: 0, downloadThroughput: -1 },
      uploadThroughput: upload === "offline" ? UNLIMITED : upload,
    });
  };
}

export const UNLIMITED = -1;
/** Too slow for the large clip to end during a test. */
export const SLOW = 1e6;
