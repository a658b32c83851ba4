/** Plays adaptive videos level by level. */
import type { FrameLocator, Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { siteOf } from "./elsewhere.ts";
import { choose, expect, fileRow, fitsPhone, NAMES } from "./person.ts";

/** The short sides of the rungs of the clip `ladder`. */
const RUNGS = [480, 360, 240];

type Where = Page | FrameLocator;
type Clip = Parameters<typeof choose>[1];

export const player = (at: Where) => at.locator("[data-player=showing]");

/** Uploads a clip with a profile that makes a stream, and returns the path of its job. */
export async function uploadAdaptive(
  page: Page,
  clip: Clip,
  profile: "web" | "audio" = "web",
): Promise<string> {
  await page.goto("/");
  await page.getByText("What Rushes makes of your videos").click();
  await page.getByRole("radio", { name: new RegExp(`^${profile}`) }).check();
  await choose(page, clip);
  const open = fileRow(page, NAMES[clip]).getByRole("link", { name: /^Open the video/ });
  await expect(open).toBeVisible({ timeout: 30_000 });
  return (await open.getAttribute("href")) ?? "";
}

/** What the video element has played. */
function played(at: Where) {
  return at.locator("video").evaluate((element: HTMLVideoElement) => ({
    height: Math.min(element.videoHeight, element.videoWidth),
    atSeconds: element.currentTime,
    frames: element.getVideoPlaybackQuality().totalVideoFrames,
    soundBytes: Number(Reflect.get(element, "webkitAudioDecodedByteCount")),
    // Firefox does not count the bytes, and plays no sound on a machine without a device for it.
    hasSound: Reflect.get(element, "mozHasAudio") === true,
  }));
}

const menu = (at: Where, name: string) => at.getByRole("menu", { name, exact: true });

/** Opens a menu of the player's settings, such as its qualities. */
export async function openSetting(at: Where, name: string): Promise<void> {
  await at.locator("media-settings-menu-button").click();
  await at.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
  await expect(menu(at, name)).toBeVisible();
}

/** Closes the player's settings. They stay open after a choice. */
export async function closeSettings(at: Where): Promise<void> {
  await at.locator("media-settings-menu-button").click();
  await expect(at.locator("media-settings-menu")).toBeHidden();
}

/** Chooses a quality in the player's settings, and closes them. */
export async function chooseQuality(at: Where, quality: RegExp): Promise<void> {
  await openSetting(at, "Quality");
  const options = menu(at, "Quality").getByRole("menuitemradio");
  await expect(options).toHaveText([/^Automatic/, ...RUNGS.map((rung) => `${rung}p`)]);
  await options.filter({ hasText: quality }).click();
  await closeSettings(at);
}

/** Plays the video in these levels from its beginning, with picture and sound. */
async function playsLevels(at: Where, levels: readonly number[]): Promise<void> {
  await expect(player(at)).toHaveAttribute("data-source", "hls");
  for (const rung of [...levels].reverse()) {
    await chooseQuality(at, new RegExp(`^${rung}p`));
    const before = await played(at);
    await at.locator("video").evaluate((element: HTMLVideoElement) => {
      element.currentTime = 0;
      element.muted = true;
      return element.play();
    });
    const plays = async () => {
      const now = await played(at);
      return {
        height: now.height,
        moves: now.atSeconds > 0.3,
        shows: now.frames > before.frames,
        sounds: now.hasSound || now.soundBytes > before.soundBytes,
      };
    };
    await expect
      .poll(plays, { message: `${rung}p`, intervals: [100] })
      .toEqual({ height: rung, moves: true, shows: true, sounds: true });
    // Playing keeps the processor busy while the menus open and close.
    await at.locator("video").evaluate((element: HTMLVideoElement) => element.pause());
    await expect(player(at)).toHaveAttribute("data-level", String(rung));
  }
  await chooseQuality(at, /^Automatic/);
  const automatic = at.locator("media-chrome-menu-item[value=automatic]");
  await expect(automatic).toHaveText(/^Automatic \(\d+p\)/);
  await expect(automatic).toHaveAttribute("aria-checked", "true");
}

interface Places {
  inspect?: boolean;
  levels?: readonly number[];
  sharedLevels?: readonly number[];
}

/**
 * Plays levels of a job on its page, on the page of a share link, and in a frame of another site: all of them, or
 * `levels` on its page and `sharedLevels` in the other places. `inspect` also checks there what depends on no server:
 * accessibility, phones, and how the frame obeys its query and its page.
 */
export async function playsEverywhere(
  page: Page,
  path: string,
  visitor: Page,
  { inspect = false, levels = RUNGS, sharedLevels = levels }: Places = {},
): Promise<void> {
  const check = async (at: Page, place: string) => {
    if (!inspect) return;
    await accessible(at, `the ${place} of an adaptive video`);
    if (place !== "frame") await fitsPhone(at, `the ${place} of an adaptive video`);
  };
  await page.goto(path);
  await playsLevels(page, levels);
  await check(page, "page");
  let frame = "";
  const site = await siteOf(() => frame);
  const share = await shareOf(page, path, site.origin);
  await visitor.goto(share.url);
  await playsLevels(visitor, sharedLevels);
  await check(visitor, "shared page");
  frame = share.embedUrl;
  await visitor.goto(site.origin);
  await playsLevels(visitor.frameLocator("iframe"), sharedLevels);
  await check(visitor, "frame");
  if (inspect) {
    frame = `${share.embedUrl}?muted=1&loop=1&start=2`;
    await visitor.goto(site.origin);
    await obeysItsPage(visitor);
    frame = `${share.embedUrl}?autoplay=1&muted=1&loop=1`;
    await visitor.goto(site.origin);
    await message(visitor, {}, "time");
  }
  site.close();
}

/** Sends a message to the embed of this page, and waits for a message of this type from it. */
function message(page: Page, sent: object, type: string): Promise<void> {
  return page.evaluate(
    ([data, wanted]) =>
      new Promise<void>((resolve) => {
        addEventListener("message", (event) => {
          if (event.data.rushes === wanted) resolve();
        });
        document.querySelector("iframe")?.contentWindow?.postMessage(data, "*");
      }),
    [sent, type] as const,
  );
}

/** An embed starts as its query says, and the page that contains it controls it. */
async function obeysItsPage(page: Page): Promise<void> {
  const at = page.frameLocator("iframe");
  await expect(at.locator("media-play-button")).toBeVisible();
  const state = () =>
    at.locator("video").evaluate(({ paused, muted, loop, currentTime }: HTMLVideoElement) => ({
      paused,
      muted,
      loop,
      seconds: Math.round(currentTime),
    }));
  const starts = { paused: true, muted: true, loop: true };
  await expect.poll(state).toEqual({ ...starts, seconds: 2 });
  await message(page, { rushes: "play" }, "time");
  await message(page, { rushes: "pause" }, "pause");
  await message(page, { rushes: "seek", seconds: 5 }, "time");
  await expect.poll(state).toEqual({ ...starts, seconds: 5 });
}

interface Share {
  id: string;
  url: string;
  embedUrl: string;
}

/** Creates a share link of a job. `origin` may embed it. */
function shareOf(page: Page, path: string, origin: string): Promise<Share> {
  return page.evaluate(
    async ([job, allowed]) => {
      const response = await fetch(`/api${job}/shares`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ expiresInHours: 1, origins: [allowed] }),
      });
      return (await response.json()).share;
    },
    [path, origin] as const,
  );
}

/** Renews the URLs of a visitor who watches. What the visitor has chosen stays. */
async function keepsChoices(visitor: Page): Promise<void> {
  await chooseQuality(visitor, /^240p/);
  const video = visitor.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.playbackRate = 1.5;
  });
  const renewed = visitor.waitForResponse((response) => response.url().includes("/api/watch/"));
  await visitor.clock.fastForward(45_000);
  await renewed;
  await expect.poll(async () => (await played(visitor)).height).toBe(240);
  await expect(player(visitor)).toHaveAttribute("data-level", "240");
  expect(
    await video.evaluate(({ playbackRate, paused }: HTMLVideoElement) => [playbackRate, paused]),
  ).toEqual([1.5, false]);
}

/** Revokes a share link while its visitor watches. The visitor's page stops within a minute, and clears its buffer. */
export async function stopsWhenRevoked(page: Page, path: string, visitor: Page): Promise<void> {
  await page.goto(path);
  const share = await shareOf(page, path, new URL(page.url()).origin);
  await visitor.clock.install();
  await visitor.goto(share.url);
  await expect(player(visitor)).toHaveAttribute("data-source", "hls");
  const video = visitor.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.muted = true;
    element.loop = true;
    return element.play();
  });
  await expect.poll(async () => (await played(visitor)).atSeconds).toBeGreaterThan(0.3);
  await keepsChoices(visitor);
  // The page removes it.
  const watched = await video.evaluateHandle((element: HTMLVideoElement) => element);
  const state = () =>
    watched.evaluate(({ paused, buffered }) => ({ paused, parts: buffered.length }));
  const before = await state();
  expect(before.paused).toBe(false);
  // After a change of the quality, there may be a gap.
  expect(before.parts).toBeGreaterThan(0);
  const status = await page.evaluate(
    async (id) => (await fetch(`/api/shares/${id}`, { method: "DELETE" })).status,
    share.id,
  );
  expect(status).toBe(204);
  await visitor.clock.fastForward(60_000);
  await expect(visitor.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  expect(await state()).toEqual({ paused: true, parts: 0 });
}
