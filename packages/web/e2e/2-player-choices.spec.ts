import { accessible } from "./accessible.ts";
import { closeSettings, openSetting, uploadAdaptive } from "./adaptive.ts";
import { isReady, openLadder, stateOf } from "./ladder.ts";
import { expect, fitsPhone, test } from "./person.ts";

test("remembers volume, speed and position, and copies a link to the time", {
  tag: "@firefox",
}, async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openLadder(page, "?t=0m3s");
  await page.locator("media-play-button").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await openSetting(page, "Speed");
  await page.getByRole("menuitemradio", { name: "1.25x" }).click();
  await closeSettings(page);
  await page.locator("media-settings-menu-button").click();
  await page.getByRole("menuitem", { name: /^Copy link at this time/ }).click();
  await expect(page.getByRole("menuitem", { name: "Copy link at this time Copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(new URL("?t=3s", page.url()).href);

  await openLadder(page);
  await expect
    .poll(() => stateOf(page))
    .toMatchObject({ atSeconds: 3, rate: 1.25, volume: 0.8, paused: true });
});

test("plays another language of the sound, and plays again and again", async ({ page }) => {
  await openLadder(page, "?t=6.5s");
  await openSetting(page, "Audio");
  await expect(page.getByRole("menuitemradio", { name: "English" })).toBeChecked();
  const sound = page.waitForResponse(/\/hls\/.*\.m3u8/);
  await page.getByRole("menuitemradio", { name: "German" }).click();
  expect((await sound).ok()).toBe(true);
  await expect(page.getByRole("menuitem", { name: "Audio German" })).toBeVisible();
  await page.getByRole("menuitem", { name: /^Loop/ }).press("Enter");
  await expect(page.getByRole("menuitem", { name: "Loop On" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator("video").evaluate((video: HTMLVideoElement) => {
    video.muted = true;
    return video.play();
  });
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBeLessThan(5);
  expect((await stateOf(page)).paused).toBe(false);
});

test("names the video for the system, and opens picture in picture and full screen", {
  tag: "@firefox",
}, async ({ page }) => {
  // A browser without a screen has no picture in picture.
  await page.addInitScript(() => {
    Reflect.set(document, "pictureInPictureEnabled", true);
    Reflect.set(
      HTMLVideoElement.prototype,
      "requestPictureInPicture",
      async function (this: HTMLVideoElement) {
        this.dataset.pip = "requested";
        return new EventTarget();
      },
    );
  });
  await openLadder(page);
  const named = () =>
    page.evaluate(() => {
      const { metadata } = navigator.mediaSession;
      return [metadata?.title, metadata?.artwork[0]?.src];
    });
  await expect.poll(named).toEqual(["ladder.mp4", expect.stringMatching(/\/media\/job_/)]);
  await page.locator("media-pip-button").click();
  await expect(page.locator("video")).toHaveAttribute("data-pip", "requested");
  for (const isFull of [true, false]) {
    await page.keyboard.press("f");
    await expect
      .poll(() => page.evaluate(() => document.fullscreenElement?.querySelector("video") != null))
      .toBe(isFull);
    // The player learns of it later than the document, and decides by it what the key does next.
    await expect(page.locator("media-fullscreen-button[mediaisfullscreen]")).toHaveCount(
      isFull ? 1 : 0,
    );
  }
});

test("moves by ten seconds with a double tap on a phone", async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    ...{ baseURL, hasTouch: true, isMobile: true },
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await openLadder(page);
  const devtools = await context.newCDPSession(page);
  const box = await page.locator("video").boundingBox();
  /** Two taps at this part of the picture's width. Their times do not depend on the machine. */
  const tapTwice = async (part: number) => {
    const first = Date.now() / 1000 - 1;
    const x = (box?.x ?? 0) + (box?.width ?? 0) * part;
    const y = (box?.y ?? 0) + (box?.height ?? 0) * 0.4;
    for (const tap of [first, first + 0.1]) {
      const touch = { touchPoints: [{ x, y }], timestamp: tap };
      await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", ...touch });
      await devtools.send("Input.dispatchTouchEvent", {
        type: "touchEnd",
        touchPoints: [],
        timestamp: tap + 0.01,
      });
    }
  };
  await tapTwice(0.9);
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBeGreaterThan(6.5);
  await tapTwice(0.1);
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBe(0);
  await context.close();
});

test("plays a video without a picture, with the same controls", async ({ page }) => {
  const path = await uploadAdaptive(page, "flashes", "audio");
  await page.goto(path);
  await expect(page.locator("article")).toHaveAttribute("data-status", "complete");
  await isReady(page);
  await expect(page.locator("svg.player-sound")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Renditions" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Use this frame as poster" })).toHaveCount(0);
  await expect(page.locator("media-time-range")).toBeVisible();
  await page.keyboard.press("2");
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBeCloseTo(0.8, 1);
  await page.keyboard.press("k");
  await expect.poll(async () => (await stateOf(page)).atSeconds).toBeGreaterThan(1.2);
  await page.keyboard.press("k");
  await page.locator("media-settings-menu-button").click();
  await expect(page.getByRole("menuitem", { name: /^Speed/ })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: /^Quality/ })).toBeHidden();
  await closeSettings(page);
  await accessible(page, "the player of a sound");
  await fitsPhone(page, "the player of a sound");
});
