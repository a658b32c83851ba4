import { accessible } from "./accessible.ts";
import { choose, chooseFiles, expect, fileRow, fitsPhone, NAMES } from "./person.ts";
import { test } from "./unfinished.ts";

test("names a file that is a video already, on another page too, and uploads it if you want that", async ({
  page,
}) => {
  await page.goto("/");
  const paths = await choose(page, "mp4");
  const uploaded = fileRow(page, NAMES.mp4).getByRole("link", { name: /^Open the video/ });
  await expect(uploaded).toBeVisible({ timeout: 30_000 });
  const video = (await uploaded.getAttribute("href")) ?? "";

  await page.goto("/settings");
  await page.goto("/");
  await chooseFiles(page, paths);
  const notice = page.getByRole("alert").filter({ hasText: "is among your videos already" });
  await expect(notice).toContainText(NAMES.mp4);
  await expect(fileRow(page, NAMES.mp4)).toHaveCount(0);
  await expect(notice.getByRole("link", { name: "Open the video" })).toHaveAttribute("href", video);
  await accessible(page, "the notice of a file that is a video already");
  await fitsPhone(page, "the notice of a file that is a video already");

  await notice.getByRole("button", { name: "Upload anyway" }).click();
  await expect(notice).toHaveCount(0);
  await expect(uploaded).toBeVisible({ timeout: 30_000 });
  expect(await uploaded.getAttribute("href")).not.toBe(video);
});
