/** How soon the page of a complete video shows its first frame, and how soon and how exactly a seek shows its frame. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { spawnStack } from "../packages/testing/process.ts";
import playwright from "../playwright.config.ts";
import { CLIP_SECONDS, completeVideo, makeClip } from "./complete-video.ts";

export const name = "player";

const FRAME_SECONDS = 1 / 30;
/** Far from each other, so that no seek finds its picture loaded. */
const SEEKS = [50.25, 10.5, 35.1, 20.9, 44.4];
const TARGET = { firstSeconds: 1, seekSeconds: 0.5 };

/** Seconds from the request of the page until its video shows a frame. */
async function firstFrame(page: Page, url: string): Promise<number> {
  const startedMs = Date.now();
  await page.goto(url, { waitUntil: "commit" });
  const shown = await page.waitForFunction(
    () => {
      const video = document.querySelector("video");
      return video && video.readyState >= 2 && video.videoWidth > 0 ? Date.now() : false;
    },
    undefined,
    { polling: "raf" },
  );
  return (Number(await shown.jsonValue()) - startedMs) / 1000;
}

interface Seek {
  seconds: number;
  /** From the start of the frame that is shown to the time that was asked for, in seconds. */
  off: number;
}

/** Moves the video, and waits until it shows the frame of that time. */
const seek = (page: Page, to: number): Promise<Seek> =>
  page.evaluate(
    (wanted) =>
      new Promise<Seek>((resolve, reject) => {
        const video = document.querySelector("video");
        if (!video) return reject(new Error("There is no video."));
        const began = performance.now();
        let shown = Number.NaN;
        const settle = () => {
          // A frame from before the seek.
          if (video.seeking || !(Math.abs(shown - wanted) <= 1)) return;
          resolve({ seconds: (performance.now() - began) / 1000, off: wanted - shown });
        };
        const onFrame: VideoFrameRequestCallback = (_, { mediaTime }) => {
          shown = mediaTime;
          settle();
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
        // The frame can be shown just before the seek ends, and no other one follows.
        video.addEventListener("seeked", settle, { once: true });
        video.currentTime = wanted;
      }),
    to,
  );

/** One visit of a browser that has loaded nothing before. */
async function visit(browser: Browser, url: string): Promise<{ first: number; seeks: Seek[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const first = await firstFrame(page, url);
  const seeks: Seek[] = [];
  for (const to of SEEKS) seeks.push(await seek(page, to));
  await context.close();
  return { first, seeks };
}

/** Returns a table in Markdown. */
export async function run({ runs }: { runs: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-bench-player-"));
  const clip = join(folder, "minute.mp4");
  await makeClip(clip);
  const stack = await spawnStack();
  const browser = await chromium.launch(playwright.use?.launchOptions);
  try {
    const url = `${stack.dashboard}/jobs/${await completeVideo(stack.dashboard, clip)}`;
    const visits: Awaited<ReturnType<typeof visit>>[] = [];
    for (let at = 0; at < Math.max(5, runs); at += 1) visits.push(await visit(browser, url));
    return table(visits);
  } finally {
    await browser.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function table(visits: Awaited<ReturnType<typeof visit>>[]): string {
  const firsts = visits.map(({ first }) => first).sort((a, b) => a - b);
  const median = firsts[Math.floor(firsts.length / 2)] ?? Number.NaN;
  const seeks = visits.flatMap((one) => one.seeks);
  const times = seeks.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const slowest = times.at(-1) ?? Number.NaN;
  const exact = seeks.filter(({ off }) => off > -0.001 && off < FRAME_SECONDS + 0.001);
  const result = (met: boolean) => (met ? "met" : "missed");
  const list = firsts.map((one) => one.toFixed(2)).join(", ");
  return [
    `| the page of ${CLIP_SECONDS} s of 720p30 with the profile \`web\`, in Chromium | result | target |`,
    "|---|---|---|",
    `| page requested → first frame, median of ${firsts.length} | ${median.toFixed(2)} s (${list}) | ≤ ${TARGET.firstSeconds} s: ${result(median <= TARGET.firstSeconds)} |`,
    `| seek → its picture, median and slowest of ${times.length} | ${middle.toFixed(2)} s, ${slowest.toFixed(2)} s | ≤ ${TARGET.seekSeconds} s: ${result(slowest <= TARGET.seekSeconds)} |`,
    `| seeks that show the frame of their time | ${exact.length} of ${seeks.length} | all: ${result(exact.length === seeks.length)} |`,
  ].join("\n");
}
