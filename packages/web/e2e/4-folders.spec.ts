import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { expect, fileRow, test } from "./person.ts";

let root = "";
test.beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rushes-folder-"));
});
test.afterEach(() => rm(root, { recursive: true, force: true }));

const BODY = "no video";

/** Drops files on the page with the browser's own drag and drop, not with synthetic events. */
async function drop(page: Page, ...files: string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    devtools.send("Input.dispatchDragEvent", {
      ...{ type, x: 300, y: 300 },
      data: { items: [], files, dragOperationsMask: 1 },
    });
  // Drop when the page shows its drop zone, which means that it has hydrated.
  await expect(async () => {
    await send("dragEnter");
    await send("dragOver");
    await expect(page.getByText("Drop to upload")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await send("drop");
  await devtools.detach();
}

/** More entries than one batch of the browser's directory reader. Only three of them are videos. */
async function makeCard(): Promise<string> {
  const card = join(root, "card");
  await mkdir(join(card, "day 1", "night"), { recursive: true });
  const notes = Array.from({ length: 130 }, (_, index) => join(card, `._note ${index}.mp4`));
  await Promise.all([...notes, join(card, "Thumbs.db")].map((path) => writeFile(path, "note")));
  await writeFile(join(card, "first.mp4"), BODY);
  await writeFile(join(card, "day 1", "second.mp4"), BODY);
  await writeFile(join(card, "day 1", "night", "third.mp4"), BODY);
  return card;
}

test("uploads every file of a dropped folder, and the files dropped with it", async ({ page }) => {
  const card = await makeCard();
  await writeFile(join(root, "beside.mp4"), BODY);
  await page.goto("/");
  await drop(page, card, join(root, "beside.mp4"));
  for (const name of ["first.mp4", "second.mp4", "third.mp4", "beside.mp4"]) {
    await expect(fileRow(page, name)).toHaveAttribute("data-status", "done", { timeout: 30_000 });
  }
  await expect(page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveCount(4);
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(0);
  // An uploaded file may still be rejected: the row shows the result.
  await expect(fileRow(page, "beside.mp4")).toContainText("not a video file");
});

test("names the hidden files of a dropped folder, on every page", async ({ page }) => {
  const card = join(root, "card");
  await mkdir(card);
  await writeFile(join(card, "good.mp4"), BODY);
  await writeFile(join(card, ".hidden.mp4"), BODY);
  await page.goto("/settings");
  await drop(page, card);
  const notice = page.getByRole("alert").filter({ hasText: "card/.hidden.mp4" });
  await expect(notice).toBeVisible();
  await accessible(page, "a notice of files that are not uploaded");
  await notice.getByRole("button", { name: "Dismiss this message" }).click();
  await expect(notice).toBeHidden();
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await expect(fileRow(page, "good.mp4")).toHaveAttribute("data-status", "done", {
    timeout: 30_000,
  });
});

test("shows a message for an empty folder", async ({ page }) => {
  await mkdir(join(root, "empty"));
  await page.goto("/");
  await drop(page, join(root, "empty"));
  await expect(page.getByRole("alert").filter({ hasText: "no files to upload" })).toBeVisible();
});

test("selects a folder without a mouse", async ({ page }) => {
  const card = await makeCard();
  await page.goto("/");
  const button = page.getByRole("button", { name: "Choose a folder" });
  // Playwright intercepts the dialog from here on, which takes longer than a key does.
  const chooser = page.waitForEvent("filechooser");
  await button.focus();
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(card);
  for (const name of ["first.mp4", "second.mp4", "third.mp4"]) {
    await expect(fileRow(page, name)).toHaveAttribute("data-status", "done", { timeout: 30_000 });
  }
  await expect(page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveCount(3);
});
