/** The page of the video `ladder`. */
import type { Page } from "@playwright/test";
import { player, uploadAdaptive } from "./adaptive.ts";
import { expect } from "./person.ts";

/** Opens the page of the complete video `ladder`, and waits for a picture and the controls. Uploads it the first time. */
export async function openLadder(page: Page, query = ""): Promise<void> {
  const find = async (): Promise<string | undefined> => {
    const { jobs } = await (await page.request.get("/api/jobs?q=ladder&status=complete")).json();
    return jobs[0]?.id;
  };
  let id = await find();
  if (id === undefined) {
    await uploadAdaptive(page, "ladder");
    await expect.poll(find, { timeout: 100_000 }).toBeDefined();
    id = await find();
  }
  await page.goto(`/jobs/${id}${query}`);
  await isReady(page);
}

/** Waits for the picture and the controls of a page's player. */
export async function isReady(page: Page): Promise<void> {
  await expect(player(page)).toBeVisible();
  await expect(page.locator("media-play-button")).toBeVisible();
  await expect.poll(async () => (await stateOf(page)).ready).toBe(true);
}

/** What a page's player does. */
export const stateOf = (page: Page) =>
  page.locator("video").evaluate((video: HTMLVideoElement) => ({
    ready: video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !video.seeking,
    paused: video.paused,
    muted: video.muted,
    volume: video.volume,
    rate: video.playbackRate,
    atSeconds: video.currentTime,
    captions: [...video.textTracks]
      .filter(({ kind, mode }) => kind !== "metadata" && kind !== "chapters" && mode === "showing")
      .flatMap(({ activeCues }) => [...(activeCues ?? [])])
      .map((cue) => (cue instanceof VTTCue ? cue.text : "")),
  }));
