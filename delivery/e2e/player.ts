/**
 * Plays in a real Chromium what the API has made, on the video's own page of the dashboard. The page gets
 * the session that it asks for from the token: every request of it to the API is sent with it. So it is
 * the real page, its policy and its player, and a token needs no right that it does not have: it cannot
 * make share links, since whoever found a token could else give away videos for good.
 */
import { type Browser, chromium, type Page } from "@playwright/test";
import { Sentence, sentenceOf } from "./sentence.ts";

const STEP_MS = 60_000;

export interface Play {
  api: { origin: string };
  token?: string | undefined;
  /** Its path; Playwright's own without one. */
  chromium?: string | undefined;
  signal: AbortSignal;
  jobId: string;
  labels: readonly string[];
}

/** Resolves once every rendition has moved on and shown frames. */
export async function play(given: Play): Promise<void> {
  const browser = await launch(given.chromium);
  const close = () => void browser.close().catch(() => {});
  given.signal.addEventListener("abort", close, { once: true });
  try {
    await watch(browser, given);
  } catch (error) {
    given.signal.throwIfAborted();
    throw error instanceof Sentence ? error : new Sentence(firstLine(error));
  } finally {
    given.signal.removeEventListener("abort", close);
    await browser.close().catch(() => {});
  }
}

async function launch(executablePath?: string): Promise<Browser> {
  try {
    return await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      // As in the browser tier; a machine of CodeBuild has no user but root.
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw new Sentence(
      `Chromium does not start (${firstLine(error)}); install one, or name it in CHROMIUM_PATH.`,
    );
  }
}

async function watch(browser: Browser, { api: { origin }, token, jobId, labels }: Play) {
  const context = await browser.newContext();
  context.setDefaultTimeout(STEP_MS);
  if (token !== undefined) {
    // Pages look whether there is a session before they are shown; what one may do, the API decides.
    const secure = origin.startsWith("https:");
    await context.addCookies([
      { name: secure ? "__Host-rushes" : "rushes", value: "e2e", url: `${origin}/`, secure },
    ]);
    // And nowhere else: the buckets and the CDN have signatures of their own.
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
  for (const label of labels) {
    await page.getByRole("radio", { name: new RegExp(`^${label}`) }).check();
    await page.locator(`video[aria-label$=", ${label}"]`).waitFor();
    await shows(page, label);
  }
}

async function shows(page: Page, label: string): Promise<void> {
  const video = page.locator("video");
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.muted = true;
    // A rendition goes on where the one before it stood, which may be its end.
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
      throw new Sentence(`The ${label} does not play: ${firstLine(error)}`);
    });
}

const firstLine = (error: unknown) => sentenceOf(error).split("\n")[0] ?? "";
