import { openAsBlob } from "node:fs";
import type { Page } from "@playwright/test";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { accessible } from "./accessible.ts";
import { card, choose, expect, fileRow, fitsPhone, inboxUrl, NAMES, test } from "./person.ts";
import { speedOf, UNLIMITED } from "./speed.ts";

/** Plays the video, and waits until the position has moved and frames were decoded. */
async function plays(page: Page): Promise<void> {
  const video = page.locator("video");
  await video.evaluate((element: HTMLVideoElement) => {
    element.muted = true;
    return element.play();
  });
  await expect
    .poll(() =>
      video.evaluate((element: HTMLVideoElement) => ({
        moved: element.currentTime > 0.3,
        decoded: element.getVideoPlaybackQuality().totalVideoFrames > 5,
      })),
    )
    .toEqual({ moved: true, decoded: true });
}

test("uploads videos with progress, encodes them, plays every rendition and sends a mail", async ({
  page,
}) => {
  test.setTimeout(180_000);
  // 16 MB/s, so that the progress is visible.
  const speed = await speedOf(page);
  await speed(16e6);

  await page.goto("/");
  const [, mp4 = ""] = await choose(page, "large", "mp4", "webm", "mov");
  const bar = page.getByRole("progressbar", { name: `Upload of ${NAMES.large}` });
  const seen = new Set<number>();
  await expect
    .poll(
      async () => {
        const value = await bar.getAttribute("value", { timeout: 1_000 }).catch(() => null);
        if (value !== null) seen.add(Number(value));
        return [...seen].filter((percent) => percent > 0 && percent < 100).length;
      },
      { intervals: [50] },
    )
    .toBeGreaterThanOrEqual(2);
  await expect(page.getByRole("progressbar", { name: "All uploads" })).toBeVisible();
  await accessible(page, "the upload page while uploading");
  await fitsPhone(page, "the upload page while uploading");
  await speed(UNLIMITED);

  // Uploads continue while the user moves between pages.
  await page.getByRole("link", { name: "Videos", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Videos" })).toBeVisible();
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  // No row leaves while the pointer is over the list.
  await fileRow(page, NAMES.large).hover();
  for (const name of [NAMES.large, NAMES.mp4, NAMES.webm, NAMES.mov]) {
    await expect(fileRow(page, name).getByRole("link", { name: /^Open the video/ })).toBeVisible({
      timeout: 30_000,
    });
  }

  // The cards update without a reload.
  for (const name of [NAMES.large, NAMES.mp4, NAMES.webm, NAMES.mov]) {
    await expect(card(page, name)).toHaveAttribute("data-status", "complete", { timeout: 120_000 });
  }
  await expect(page.getByText("4 files uploaded")).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(page.getByRole("list", { name: "Files" })).toHaveCount(0);
  await accessible(page, "the upload page with finished videos");
  await fitsPhone(page, "the upload page with finished videos");

  await card(page, NAMES.mp4).getByRole("link", { name: NAMES.mp4 }).click();
  await expect(page.getByRole("heading", { level: 1, name: NAMES.mp4 })).toBeVisible();
  // Named by its true size, in all places.
  await expect(page.getByRole("radio")).toHaveCount(1);
  await expect(page.getByRole("radio", { name: "360p 640×360" })).toBeChecked();
  await expect(page.locator("video")).toHaveAccessibleName(/, 360p$/);
  await plays(page);
  const table = page.getByRole("region", { name: "Table of renditions" });
  await expect(table.getByRole("rowheader", { name: "360p" }).first()).toBeVisible();
  for (const label of ["1080p", "720p", "web-720p"]) {
    await expect(table.getByRole("link", { name: `Download …-${label}.mp4` })).toBeVisible();
    await expect(table.getByRole("rowheader", { name: label })).toHaveCount(0);
  }
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline.getByText("360p ready")).toHaveCount(1);
  await expect(timeline.getByText("Upload finished")).toBeVisible();
  await expect(timeline.getByText(/^Mail sent/)).toBeVisible();
  const checksum = await crc64Of(await openAsBlob(mp4));
  await expect(page.getByRole("region", { name: "Source" })).toContainText(`crc64nvme:${checksum}`);
  await page.locator("video").evaluate((element: HTMLVideoElement) => element.pause());
  await accessible(page, "the page of a finished video");
  await fitsPhone(page, "the page of a finished video");

  await page.goto(inboxUrl());
  await expect(page.getByText(NAMES.mp4).first()).toBeVisible();
  await accessible(page, "the inbox");
});

test("plays a rotated video upright, and downloads it with its original name", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAMES.mov }).click();
  const size = () =>
    page
      .locator("video")
      .evaluate((element: HTMLVideoElement) => element.videoHeight > element.videoWidth);
  await expect.poll(size).toBe(true);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download …-720p.mp4" }).click();
  expect((await download).suggestedFilename()).toContain("sideways");
});

test("continues a video with a new URL after its signed URL expires", async ({
  page,
  expected,
}) => {
  // The browser may request the old URL while it is being replaced.
  expected.messages.push(/status of 403/);
  await page.clock.install();
  let asked = 0;
  await page.route(/\/api\/jobs\/[^/]+\/playback$/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    asked += 1;
    // The first URLs are in the page, and each response has new ones.
    for (const one of body.renditions) one.url += `&turn=${asked}`;
    await route.fulfill({ response, json: body });
  });
  let ended = false;
  await page.route(/\/media\/.*\.mp4/, async (route) => {
    const url = route.request().url();
    if (ended && !/&turn=\d+$/.test(url)) return route.fulfill({ status: 403, body: "" });
    return route.continue({ url: url.replace(/&turn=\d+$/, "") });
  });
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAMES.mp4 }).click();
  const video = page.locator("video");
  const state = () =>
    video.evaluate((element) => {
      if (!(element instanceof HTMLVideoElement)) throw new Error("It is no video.");
      const { currentSrc, currentTime, paused, error } = element;
      const [, turn = 0] = currentSrc.split("&turn=");
      return { turn: Number(turn), currentTime, paused, failed: error !== null };
    });
  await video.evaluate((element: HTMLVideoElement) => {
    element.currentTime = 1;
  });
  await expect.poll(async () => (await state()).currentTime).toBe(1);
  expect((await state()).turn).toBe(0);
  ended = true;
  // Longer than a URL is valid.
  await page.clock.fastForward("02:00:00");
  await video.evaluate((element: HTMLVideoElement) => element.play());
  await expect
    .poll(async () => {
      const { turn, currentTime, ...rest } = await state();
      return { isFresh: turn > 0, isOn: currentTime > 1, ...rest };
    })
    .toEqual({ isFresh: true, isOn: true, paused: false, failed: false });
  await expect(page.locator("[data-player=showing]")).toBeVisible();
});

test("deletes a video only after a confirmation", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAMES.webm }).click();
  await expect(page.getByRole("heading", { level: 1, name: NAMES.webm })).toBeVisible();
  const address = page.url();
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this video?" });
  await expect(dialog).toBeVisible();
  await accessible(page, "the question before deleting");
  await dialog.getByRole("button", { name: "Keep" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/jobs$/);
  await expect(page.getByRole("link", { name: NAMES.webm })).toHaveCount(0);
  await page.goto(inboxUrl());
  // The page was left, so the deletion can no longer be undone.
  const status = async () =>
    (await page.request.get(address.replace("/jobs/", "/api/jobs/"))).status();
  await expect.poll(status).toBe(404);
});
