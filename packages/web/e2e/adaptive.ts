/** Plays adaptive videos level by level. */
import type { FrameLocator, Page } from "@playwright/test";
import { siteOf } from "./elsewhere.ts";
import { accessible, choose, expect, fileRow, fitsPhone, NAMES } from "./person.ts";

/** The short sides of the rungs of the clip `ladder`. */
export const RUNGS = [480, 360, 240];

type Where = Page | FrameLocator;
type Clip = Parameters<typeof choose>[1];

export const player = (at: Where) => at.locator("[data-player=showing]");

/** Uploads a clip with the profile `web`, and returns the path of its job. */
export async function uploadAdaptive(page: Page, clip: Clip): Promise<string> {
  await page.goto("/");
  await page.getByText("What Rushes makes of your videos").click();
  await page.getByRole("radio", { name: /^web/ }).check();
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
  }));
}

/** Plays the video in each level from its beginning, with picture and sound. */
async function playsEveryLevel(at: Where): Promise<void> {
  await expect(player(at)).toHaveAttribute("data-source", "hls");
  const quality = at.getByRole("combobox", { name: "Quality" });
  await expect(quality.getByRole("option")).toHaveText([
    /^Automatic/,
    ...RUNGS.map((rung) => `${rung}p`),
  ]);
  for (const rung of [...RUNGS].reverse()) {
    await quality.selectOption(`${rung}p`);
    const before = await played(at);
    await at.locator("video").evaluate((element: HTMLVideoElement) => {
      element.currentTime = 0;
      element.muted = true;
      return element.play();
    });
    await expect
      .poll(async () => {
        const now = await played(at);
        return {
          height: now.height,
          moves: now.atSeconds > 0.3,
          shows: now.frames > before.frames,
          sounds: now.soundBytes > before.soundBytes,
        };
      }, `${rung}p`)
      .toEqual({ height: rung, moves: true, shows: true, sounds: true });
    await expect(player(at)).toHaveAttribute("data-level", String(rung));
  }
  await quality.selectOption({ index: 0 });
  await at.locator("video").evaluate((element: HTMLVideoElement) => element.pause());
  await expect(quality).toContainText(/Automatic \(\d+p\)/);
}

/** Plays every level of a job on its page, on the page of a share link, and in a frame of another site. */
export async function playsEverywhere(page: Page, path: string, visitor: Page): Promise<void> {
  await page.goto(path);
  await playsEveryLevel(page);
  await accessible(page, "the page of an adaptive video");
  await fitsPhone(page, "the page of an adaptive video");
  let frame = "";
  const site = await siteOf(() => frame);
  const share = await page.evaluate(
    async ([job, origin]) => {
      const response = await fetch(`/api${job}/shares`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ expiresInHours: 1, origins: [origin] }),
      });
      return (await response.json()).share;
    },
    [path, site.origin] as const,
  );
  await visitor.goto(share.url);
  await playsEveryLevel(visitor);
  await accessible(visitor, "the shared page of an adaptive video");
  await fitsPhone(visitor, "the shared page of an adaptive video");
  frame = share.embedUrl;
  await visitor.goto(site.origin);
  await playsEveryLevel(visitor.frameLocator("iframe"));
  await accessible(visitor, "the frame of an adaptive video");
  site.close();
}
