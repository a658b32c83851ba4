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
const WAIT_MS = 15 * 60_000;

const Answer = z.object({ job: z.object({ status: z.string(), landed: z.array(z.string()) }) });

interface Sample {
  original: number;
  hls: number;
  complete: number;
  stalls: number;
  reachedEnd: boolean;
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
  const path = await row.getByRole("link").getAttribute("href", { timeout: WAIT_MS });
  if (path === null) throw new Error("The upload has no job.");
  return path;
}

/** Resolves with the seconds since `startedMs` at which the page shows a frame of this source. */
async function firstFrame(page: Page, source: "original" | "hls", startedMs: number) {
  const shown = await page.waitForFunction(
    (wanted) => {
      const player = document.querySelector<HTMLElement>("[data-player]");
      const video = player?.querySelector("video");
      const shows = player?.dataset.source;
      // A fast encoder may be ahead of the page.
      const right = shows === wanted || (wanted === "original" && shows === "hls");
      return right && (video?.readyState ?? 0) >= 2 && Date.now();
    },
    source,
    { timeout: WAIT_MS, polling: "raf" },
  );
  return (Number(await shown.jsonValue()) - startedMs) / 1000;
}

async function untilComplete(page: Page, url: string, startedMs: number): Promise<number> {
  for (;;) {
    const { job } = Answer.parse(await (await page.request.get(url)).json());
    if (job.status === "complete") return (Date.now() - startedMs) / 1000;
    if (["error", "rejected", "canceled"].includes(job.status)) throw new Error(job.status);
    await page.waitForTimeout(50);
  }
}

/** Plays the adaptive stream from its beginning to its end, and counts how often it had to wait. */
async function playToEnd(page: Page): Promise<Pick<Sample, "stalls" | "reachedEnd">> {
  return page.evaluate(
    ([seconds, limitMs]) =>
      new Promise((resolve) => {
        const video = document.querySelector("video");
        if (!video) throw new Error("There is no video.");
        let stalls = 0;
        const done = (reachedEnd: boolean) => resolve({ stalls, reachedEnd });
        video.muted = true;
        const started = () => {
          video.addEventListener("waiting", () => {
            if (!video.seeking && video.currentTime < seconds - 0.5) stalls += 1;
          });
        };
        video.addEventListener("playing", started, { once: true });
        video.addEventListener("ended", () => done(video.currentTime > seconds - 1));
        setTimeout(() => done(false), limitMs);
        void video.play();
      }),
    [CLIP_SECONDS, WAIT_MS] as const,
  );
}

async function oneRun(browser: Browser, dashboard: string, clip: string): Promise<Sample> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const path = await upload(page, dashboard, clip);
  const startedMs = Date.now();
  const url = `${dashboard}/api${path}`;
  const watching = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complete = untilComplete(page, url, startedMs);
  await watching.goto(`${dashboard}${path}`);
  const original = await firstFrame(watching, "original", startedMs);
  const hls = await firstFrame(watching, "hls", startedMs);
  const played = await playToEnd(watching);
  const sample = { original, hls, complete: await complete, ...played };
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
  const smooth = fast.every(({ stalls, reachedEnd }) => stalls === 0 && reachedEnd);
  const result = (met: boolean) => (met ? "met" : "missed");
  const list = (pick: (sample: Sample) => number | boolean) =>
    samples.map((one) => pick(one)).join(", ");
  return [
    `| ${CLIP_SECONDS} s of 1080p30 with the profile \`web\`, from the end of the upload | median of ${samples.length} | target |`,
    "|---|---|---|",
    `| first frame of the original | ${original.toFixed(2)} s | ≤ ${TARGET_ORIGINAL_SECONDS} s: ${result(original <= TARGET_ORIGINAL_SECONDS)} |`,
    `| first frame of HLS | ${hls.toFixed(2)} s (${share.toFixed(3)} of the time until complete) | ≤ ${TARGET_HLS_SHARE}: ${result(share <= TARGET_HLS_SHARE)} |`,
    `| complete | ${complete.toFixed(1)} s (${(CLIP_SECONDS / complete).toFixed(2)} × real time) | stated |`,
    `| HLS plays to its end | stalls: ${list((one) => one.stalls)}; reached the end: ${list((one) => one.reachedEnd)} | none where encoding is ≥ ${FAST_ENOUGH} × real time (${fast.length} of ${samples.length} runs): ${fast.length > 0 ? result(smooth) : "not measured"} |`,
  ].join("\n");
}
