/**
 * Plays the renditions in a real Chromium, on the video's own page of the dashboard. The page's API requests are sent
 * with the token. So the test uses the real page, its policy and its player. It does not need a share link, which a
 * token cannot create: anyone who finds a token could otherwise give videos away permanently.
 */
import { type Browser, chromium, type Page } from "@playwright/test";
import { CliError } from "@rushes/core/cli-error";
import { firstLine } from "./message.ts";

const STEP_MS = 60_000;

export interface Play {
  api: { origin: string };
  token?: string | undefined;
  /** The path of Chromium. Playwright's own if it is undefined. */
  chromium?: string | undefined;
  signal: AbortSignal;
  jobId: string;
  /** The names of the sizes that the page offers, such as `720p`. */
  sizes: readonly string[];
}

/** Resolves when every size has played and shown frames. */
export async function play(options: Play): Promise<void> {
  const browser = await launch(options.chromium);
  const close = () => void browser.close().catch(() => {});
  options.signal.addEventListener("abort", close, { once: true });
  try {
    await watch(browser, options);
  } catch (error) {
    options.signal.throwIfAborted();
    throw error instanceof CliError ? error : new CliError(firstLine(error));
  } finally {
    options.signal.removeEventListener("abort", close);
    await browser.close().catch(() => {});
  }
}

async function launch(executablePath?: string): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath,
      // As in the browser tests. CodeBuild runs everything as root.
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw new CliError(
      `Chromium does not start (${firstLine(error)}). Install it, or set CHROMIUM_PATH.`,
    );
  }
}

async function watch(browser: Browser, { api: { origin }, token, jobId, sizes }: Play) {
  const context = await browser.newContext();
  context.setDefaultTimeout(STEP_MS);
  if (token !== undefined) {
    // A page is shown only with a session cookie. The API checks the token of each request.
    const secure = origin.startsWith("https:");
    await context.addCookies([
      { name: secure ? "__Host-rushes" : "rushes", value: "e2e", url: `${origin}/`, secure },
    ]);
    // Only there: the buckets and CloudFront use signed URLs.
    for (const path of ["/api/**", `/jobs/${jobId}`]) {
      await context.route(`${origin}${path}`, (route) =>
        route.continue({
          headers: { ...route.request().headers(), authorization: `Bearer ${token}` },
        }),
      );
    }
  }
  const page = await context.newPage();
  await page.goto(`${origin}/jobs/${jobId}`);
  for (const size of sizes) {
    await page.getByRole("radio", { name: new RegExp(`^${size} `) }).check();
    await page.locator(`video[aria-label$=", ${size}"]`).waitFor();
    await waitForFrames(page, size);
  }
}

async function waitForFrames(page: Page, size: string): Promise<void> {
  const video = page.locator("video");
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.muted = true;
    // A rendition continues at the position of the one before, which can be the end.
    element.currentTime = 0;
    await element.play();
  });
  await page
    .waitForFunction(() => {
      const element = document.querySelector("video");
      if (!element || element.currentTime < 0.3) return false;
      return element.getVideoPlaybackQuality().totalVideoFrames > 5;
    })
    .catch((error: unknown) => {
      throw new CliError(`The ${size} does not play: ${firstLine(error)}`);
    });
}
