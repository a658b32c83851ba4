/**
 * How soon a video plays after its upload: the original, and the adaptive stream while the encoder still works on it.
 * Then it plays to its end, and every stall counts.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "@playwright/test";
import * as z from "zod";
import { FFMPEG } from "../packages/testing/clips.ts";
import { spawnStack } from "../packages/testing/process.ts";
import playwright from "../playwright.config.ts";

export const name = "first-play";

const CLIP_SECONDS = 60;
const TARGET_ORIGINAL_SECONDS = 1;
/** Of the time until the job is complete. */
const TARGET_HLS_SHARE = 0.08;
/** Where encoding is faster than this, playback must not stall. */
const FAST_ENOUGH = 1.3;
const FIRST_FRAME_MS = 2 * 60_000;
/** A machine that encodes at a fifth of real time gets this far. */
const PLAY_MS = 5 * CLIP_SECONDS * 1000;

const JobResponse = z.object({
  job: z.object({ status: z.string(), landed: z.array(z.string()) }),
});

interface Played {
  /** How often playback waited for data. */
  stalls: number;
  /** How many of these stalls the player explained with its sentence. */
  explained: number;
  reachedEnd: boolean;
  ended?: boolean;
}

declare global {
  interface Window {
    played?: Played;
  }
}

interface Sample extends Played {
  original: number;
  hls: number;
  complete: number;
}

/** One minute of 1080p30 with sound, as a camera writes it. */
const makeClip = (path: string) =>
  promisify(execFile)(FFMPEG, [
    ...["-v", "error", "-y"],
    ...["-f", "lavfi", "-i", `testsrc2=size=1920x1080:rate=30:duration=${CLIP_SECONDS}`],
    ...["-f", "lavfi", "-i", `sine=frequency=330:duration=${CLIP_SECONDS}`],
    ...["-c:v", "libx264", "-preset", "veryfast", "-b:v", "16M", "-pix_fmt", "yuv420p"],
    ...["-c:a", "aac", "-movflags", "+faststart", path],
  ]);

/** Uploads the clip, and returns the path of its job as soon as the API has it. */
async function upload(page: Page, dashboard: string, clip: string): Promise<string> {
  await page.route("**/api/uploads", async (route) => {
    const body = route.request().postDataJSON();
    for (const file of body.files) file.profile = "web";
    await route.continue({ postData: JSON.stringify(body) });
  });
  await page.goto(dashboard);
  await page.getByLabel("Files to upload").setInputFiles(clip);
  const row = page.getByRole("list", { name: "Files" }).getByRole("listitem");
  const path = await row.getByRole("link").getAttribute("href", { timeout: FIRST_FRAME_MS });
  if (path === null) throw new Error("The upload has no job.");
  return path;
}

/**
 * Resolves with the seconds since `startedMs` at which the page shows a frame of this source. hls.js plays from a
 * `blob:` URL; before it attaches, the element still holds the frames of the original.
 */
async function firstFrame(page: Page, source: "original" | "hls", startedMs: number) {
  const shown = await page.waitForFunction(
    (wanted) => {
      const video = document.querySelector("video");
      if (!video || video.readyState < 2 || video.currentSrc === "") return false;
      // A fast encoder may be ahead of the page.
      const isHls = video.currentSrc.startsWith("blob:");
      return (isHls || wanted === "original") && Date.now();
    },
    source,
    { timeout: FIRST_FRAME_MS, polling: "raf" },
  );
  return (Number(await shown.jsonValue()) - startedMs) / 1000;
}

async function untilComplete(page: Page, url: string, startedMs: number): Promise<number> {
  while (Date.now() < startedMs + PLAY_MS) {
    const { job } = JobResponse.parse(await (await page.request.get(url)).json());
    if (job.status === "complete") return (Date.now() - startedMs) / 1000;
    if (["error", "rejected", "canceled"].includes(job.status)) throw new Error(job.status);
    await page.waitForTimeout(50);
  }
  throw new Error(`The job was not complete after ${PLAY_MS / 1000} s.`);
}

/** Starts playback at the beginning, and records what happens in `window.played`. */
async function play(page: Page): Promise<void> {
  await page.evaluate(async (seconds) => {
    const video = document.querySelector("video");
    if (!video) throw new Error("There is no video.");
    const played: Played = { stalls: 0, explained: 0, reachedEnd: false };
    window.played = played;
    video.muted = true;
    await video.play();
    video.addEventListener("waiting", () => {
      if (video.seeking || video.currentTime > seconds - 0.5) return;
      played.stalls += 1;
      // React has rendered the sentence by then.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (document.body.textContent.includes("still being encoded")) played.explained += 1;
        }),
      );
    });
    video.addEventListener("ended", () => {
      played.reachedEnd = video.currentTime > seconds - 1;
      played.ended = true;
    });
  }, CLIP_SECONDS);
}

/** Plays the adaptive stream to its end, and counts how often it had to wait. Fails if it stops before. */
async function playToEnd(page: Page): Promise<Played> {
  await play(page);
  const ended = () => {
    const video = document.querySelector("video");
    // Nobody pauses it.
    if (!window.played?.ended && video?.paused) throw new Error("The playback stopped.");
    return window.played?.ended === true;
  };
  try {
    await page.waitForFunction(ended, undefined, { timeout: PLAY_MS, polling: 250 });
  } catch (error) {
    throw new Error(`The video did not play to its end: ${await stateOf(page)}`, { cause: error });
  }
  return page.evaluate(() => {
    if (!window.played) throw new Error("Nothing was played.");
    return window.played;
  });
}

/** The state of the video element, for the message of an error. */
const stateOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const video = document.querySelector("video");
    if (!video) return "the page has no video element";
    const { currentTime, duration, paused, readyState, error, buffered, currentSrc } = video;
    const ranges = Array.from({ length: buffered.length }, (_, at) => [
      buffered.start(at),
      buffered.end(at),
    ]);
    const code = error?.code;
    const { played } = window;
    return JSON.stringify({
      ...{ currentTime, duration, paused, readyState, code, ranges, currentSrc, played },
    });
  });

async function oneRun(browser: Browser, dashboard: string, clip: string): Promise<Sample> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const path = await upload(page, dashboard, clip);
  const startedMs = Date.now();
  const url = `${dashboard}/api${path}`;
  const watching = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const watch = async () => {
    await watching.goto(`${dashboard}${path}`);
    const original = await firstFrame(watching, "original", startedMs);
    const hls = await firstFrame(watching, "hls", startedMs);
    return { original, hls, ...(await playToEnd(watching)) };
  };
  const [seen, complete] = await Promise.all([watch(), untilComplete(page, url, startedMs)]);
  const sample = { ...seen, complete };
  await page.request.delete(url, { headers: { origin: dashboard } });
  await page.close();
  await watching.close();
  return sample;
}

/** Returns a table in Markdown. */
export async function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-first-play-"));
  const clip = join(folder, "minute.mp4");
  await makeClip(clip);
  const stack = await spawnStack();
  const browser = await chromium.launch(playwright.use?.launchOptions);
  const samples: Sample[] = [];
  try {
    for (let round = 0; round < runs; round += 1) {
      samples.push(await oneRun(browser, stack.dashboard, clip));
    }
  } finally {
    await browser.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return table(samples);
}

function table(samples: Sample[]): string {
  const middle = Math.floor(samples.length / 2);
  const median = (pick: (sample: Sample) => number) =>
    samples.map(pick).sort((a, b) => a - b)[middle] ?? Number.NaN;
  const [original, hls, complete] = [
    median((one) => one.original),
    median((one) => one.hls),
    median((one) => one.complete),
  ];
  const share = median((one) => one.hls / one.complete);
  const fast = samples.filter((one) => CLIP_SECONDS / one.complete >= FAST_ENOUGH);
  const slow = samples.filter((one) => !fast.includes(one));
  const smooth = fast.every(({ stalls, reachedEnd }) => stalls === 0 && reachedEnd);
  const explained = slow.every((one) => one.explained === one.stalls && one.reachedEnd);
  const result = (met: boolean) => (met ? "met" : "missed");
  const list = (pick: (sample: Sample) => number | boolean) =>
    samples.map((one) => pick(one)).join(", ");
  return [
    `| ${CLIP_SECONDS} s of 1080p30 with the profile \`web\`, from the end of the upload | median of ${samples.length} | target |`,
    "|---|---|---|",
    `| first frame of the original | ${original.toFixed(2)} s | ≤ ${TARGET_ORIGINAL_SECONDS} s: ${result(original <= TARGET_ORIGINAL_SECONDS)} |`,
    `| first frame of HLS | ${hls.toFixed(2)} s (${share.toFixed(3)} of the time until complete) | ≤ ${TARGET_HLS_SHARE}: ${result(share <= TARGET_HLS_SHARE)} |`,
    `| complete | ${complete.toFixed(1)} s (${(CLIP_SECONDS / complete).toFixed(2)} × real time) | stated |`,
    `| stalls until the end of the video | ${list((one) => one.stalls)}; reached the end: ${list((one) => one.reachedEnd)} | none where encoding is ≥ ${FAST_ENOUGH} × real time (${fast.length} of ${samples.length} runs): ${fast.length > 0 ? result(smooth) : "not measured"} |`,
    `| stalls that the player explains | ${list((one) => one.explained)} | all where encoding is slower (${slow.length} of ${samples.length} runs): ${slow.length > 0 ? result(explained) : "not measured"} |`,
  ].join("\n");
}
