import { encoderPid } from "@rushes/testing/mediaconvert";
import {
  chooseQuality,
  closeSettings,
  player,
  playsEverywhere,
  uploadAdaptive,
} from "./adaptive.ts";
import { FLASHES } from "./clips.ts";
import { isReady, openLadder } from "./ladder.ts";
import { expect, test } from "./person.ts";
import { beepsIn, filesOf, flashesIn } from "./sync.ts";
import { throttled } from "./throttle.ts";

/** The ffmpeg process of the next encode. */
async function nextEncode(): Promise<{ stop(): void; go(): void }> {
  const pid = await encoderPid(process.env.RUSHES_E2E_ENCODER ?? "");
  return { stop: () => process.kill(pid, "SIGSTOP"), go: () => process.kill(pid, "SIGCONT") };
}

test("plays the original while it is being encoded, then the stream with the same choices", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const started = nextEncode().then((encode) => {
    encode.stop();
    return encode;
  });
  const path = await uploadAdaptive(page, "ladder");
  const encode = await started;
  // An encode that stays stopped would block the videos of the next tests.
  try {
    await page.goto(path);
    await expect(player(page)).toHaveAttribute("data-source", "original");
    await expect(page.getByText("Original, still encoding")).toBeVisible();
    await expect
      .poll(() => page.locator("video").evaluate((element: HTMLVideoElement) => element.readyState))
      .toBeGreaterThanOrEqual(2);
    await expect(page.locator("article")).toHaveAttribute("data-status", "progressing");
    await page.locator("video").evaluate((element: HTMLVideoElement) => {
      element.playbackRate = 1.5;
      element.currentTime = 0.5;
    });
  } finally {
    encode.go();
  }
  await expect(page.locator("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  await expect(player(page)).toHaveAttribute("data-source", "hls");
  await expect
    .poll(() =>
      page
        .locator("video")
        .evaluate(({ playbackRate, currentTime }: HTMLVideoElement) => [playbackRate, currentTime]),
    )
    .toEqual([1.5, 0.5]);
});

test("plays every level on its page, and plays with a share link and in a frame that its page controls", {
  tag: "@firefox",
}, async ({ page, browser, browserName }) => {
  test.setTimeout(300_000);
  const context = await browser.newContext();
  const visitor = await context.newPage();
  await openLadder(page);
  await playsEverywhere(page, new URL(page.url()).pathname, visitor, {
    inspect: true,
    // In Firefox one is enough: hls.js switches to the others in the same way.
    ...(browserName === "firefox" && { levels: [360] }),
    // `8-adaptive.spec.ts` plays every one there.
    sharedLevels: [360],
  });
  await context.close();
});

test("changes the quality with the keyboard, and keeps the position", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: "ladder.mp4" }).click();
  await expect(player(page)).toHaveAttribute("data-source", "hls");
  await isReady(page);
  const video = page.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.currentTime = 3;
  });
  // The menu moves the focus to the items that it has when it opens.
  const quality = page.locator("media-settings-menu-item", { hasText: "Automatic (" });
  await expect(quality).toHaveCount(1);
  await page.locator("media-settings-menu-button").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: /^Quality/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio", { name: /^Automatic/ })).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(player(page)).toHaveAttribute("data-level", "240");
  expect(await video.evaluate((element: HTMLVideoElement) => element.currentTime)).toBeCloseTo(3);
});

test("waits for a slow encoder with a sentence, continues by itself, and loads what only a complete stream has", async ({
  page,
}) => {
  await throttled({ folder: process.env.RUSHES_E2E_THROTTLE, speed: 0.5 }, async () => {
    const started = nextEncode();
    const path = await uploadAdaptive(page, "ladder");
    const encode = await started;
    const landed = async (): Promise<string[]> =>
      (await (await page.request.get(`/api${path}`)).json()).job.landed;
    await expect.poll(landed, { timeout: 60_000, intervals: [100] }).toContain("hls");
    // Until the player has played what exists, however slow the machine is.
    encode.stop();
    const video = page.locator("video");
    const at = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
    const waits = page.getByText("The rest of the video is still being encoded.");
    let waitedAt = 0;
    try {
      await page.goto(path);
      await expect(player(page)).toHaveAttribute("data-source", "hls");
      await video.evaluate((element: HTMLVideoElement) => {
        element.muted = true;
        element.addEventListener("ended", () => {
          element.dataset.ended = "yes";
        });
        return element.play();
      });
      await expect(waits).toBeVisible();
      waitedAt = await at();
      // Now, because a slow browser may have loaded the rest before it obeys.
      await chooseQuality(page, /^240p/);
    } finally {
      encode.go();
    }
    await expect(waits).toBeHidden();
    // Half a second further, or as far as the video goes: a busy machine stops the encoder late.
    await expect.poll(at).toBeGreaterThan(Math.max(waitedAt, Math.min(waitedAt + 0.5, 6.8)));
    // Nobody pressed a button.
    await expect(video).toHaveAttribute("data-ended", "yes", { timeout: 60_000 });
    await expect(page.locator("article")).toHaveAttribute("data-status", "complete");
    await page.locator("media-settings-menu-button").click();
    await page.locator(".player-captions").click();
    await expect(page.getByRole("menuitemradio", { name: "German" })).toBeVisible();
    await closeSettings(page);
    await expect(video.locator("track[label=thumbnails]")).toHaveCount(1);
    await expect(player(page)).toHaveAttribute("data-level", "240");
    expect(await at()).toBeGreaterThan(6.8);
  });
});

test("shows a flash and plays its beep within 25 ms of each other, in the stream and in an MP4 file", async ({
  page,
}) => {
  const path = await uploadAdaptive(page, "flashes");
  await page.goto(path);
  await expect(page.locator("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  // A page that is open while the encode ends loads the stream again.
  await page.reload();
  await expect(player(page)).toHaveAttribute("data-source", "hls");
  await isReady(page);
  const { sound, mp4 } = await filesOf(page, path);
  const measured = [
    { flashes: await flashesIn(page), beeps: await beepsIn(page, sound) },
    { flashes: await flashesIn(page, mp4), beeps: await beepsIn(page, [mp4]) },
  ];
  for (const { flashes, beeps } of measured) {
    for (const [at, time] of FLASHES.entries()) {
      const [flash = 0, beep = 0] = [flashes[at], beeps[at]];
      expect(Math.abs(flash - time), `flash ${flash} s`).toBeLessThan(0.025);
      expect(Math.abs(flash - beep), `flash ${flash} s, beep ${beep} s`).toBeLessThan(0.025);
    }
  }
});
