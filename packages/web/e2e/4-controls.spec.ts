import type { Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { pageOn, startLine } from "./line.ts";
import { choose, chooseFiles, copyClip, expect, fileRow, fitsPhone, NAMES } from "./person.ts";
import { speedOf } from "./speed.ts";
import { test } from "./unfinished.ts";

const allRows = (page: Page) => page.getByRole("list", { name: "Files" }).getByRole("listitem");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("pauses and resumes an upload without sending a part twice, and shows its progress in the title", async ({
  browser,
  baseURL,
}) => {
  const line = await startLine(baseURL ?? "");
  const page = await pageOn(line, browser, baseURL);
  const parts = new Map<string, number>();
  page.on("request", (request) => {
    const part = new URL(request.url()).searchParams.get("partNumber");
    if (request.method() === "PUT" && part) parts.set(part, (parts.get(part) ?? 0) + 1);
  });
  // Only the last of six parts arrives before the pause.
  const release = line.hold(/partNumber=[1-5]\b/);
  await page.goto("/");
  const arrived = page.waitForResponse(/partNumber=6\b/);
  // A file of its own, which continues no upload that another test has left.
  const name = "interview.mp4";
  const path = test.info().outputPath(name);
  await copyClip("large", path);
  await page.getByLabel("Files to upload").setInputFiles(path);
  const row = fileRow(page, name);
  await arrived;

  await test.step("the title has the progress, also on other pages", async () => {
    await expect(page).toHaveTitle(/^[1-9]\d % · Rushes$/);
    await page.getByRole("link", { name: "Videos", exact: true }).click();
    await expect(page).toHaveTitle(/^[1-9]\d % · Videos · Rushes$/);
    await page.getByRole("link", { name: "Upload", exact: true }).click();
    await expect(page).toHaveTitle(/^[1-9]\d % · Rushes$/);
  });

  await test.step("a paused file stops, and keeps the focus on its button", async () => {
    await button(page, `Pause the upload of ${name}`).press("Enter");
    await expect(row).toHaveAttribute("data-status", "paused");
    await expect(button(page, `Resume the upload of ${name}`)).toBeFocused();
    await expect(row).toContainText(/^interview\.mp4Paused · .* of /);
    await expect(page).toHaveTitle("Rushes");
    await expect(page.locator("[data-announcer]")).toContainText("is paused.");
    await accessible(page, "the upload page with a paused file");
    await fitsPhone(page, "the upload page with a paused file");
  });

  await test.step("a resumed file sends only what is missing", async () => {
    release();
    await page.keyboard.press("Enter");
    await expect(row).toHaveAttribute("data-status", "done", { timeout: 30_000 });
    // The pause has stopped all but the last.
    expect([...parts].toSorted()).toEqual([
      ...["1", "2", "3", "4", "5"].map((part) => [part, 2]),
      ["6", 1],
    ]);
    await expect(page).toHaveTitle("Rushes");
  });
  await page.context().close();
  await line.close();
});

test("pauses, resumes and retries all files, with one live region on every page", async ({
  page,
  expected,
}) => {
  expected.messages.push(/Failed to load resource/);
  let isFull = true;
  await page.route("**/api/uploads*", (route) => {
    if (!isFull) return route.continue();
    const error = { code: "storage.full", message: "The storage is full." };
    return route.fulfill({ status: 507, json: error });
  });
  // So slow that the small file does not end either, also on a busy machine.
  await (await speedOf(page))(5_000);
  await page.goto("/");
  const [large = ""] = await choose(page, "large", "mp4");
  const rows = allRows(page);
  await expect(rows.nth(1)).toHaveAttribute("data-status", "failed");
  isFull = false;
  await button(page, "Try all again").click();
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "sending");

  await button(page, "Pause all").click();
  for (const index of [0, 1])
    await expect(rows.nth(index)).toHaveAttribute("data-status", "paused");
  await expect(page.getByRole("heading", { name: "2 files paused" })).toBeVisible();
  await expect(button(page, "Resume all")).toBeFocused();

  await chooseFiles(page, [large]);
  const notice = page.getByRole("alert").filter({ hasText: `already added ${NAMES.large}.` });
  await expect(notice.getByRole("button", { name: "Upload anyway" })).toBeVisible();
  await accessible(page, "the notice of a file that was chosen twice");
  await fitsPhone(page, "the notice of a file that was chosen twice");
  await notice.getByRole("button", { name: "Dismiss this message" }).click();
  await expect(notice).toBeHidden();
  await expect(rows).toHaveCount(2);

  const live = page.locator("[aria-live=polite], [role=status]");
  await expect(live).toHaveCount(1);
  await page.getByRole("link", { name: "Videos", exact: true }).click();
  await expect(page.getByRole("complementary", { name: "Uploads in progress" })).toBeVisible();
  await expect(live).toHaveCount(1);
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await button(page, "Resume all").click();
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "sending");
  await button(page, "Cancel all").click();
  await expect(rows.first()).toHaveAttribute("data-status", "canceled");
});

test("says nothing about dropping files on a touch screen", async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    ...{ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
    ...(baseURL ? { baseURL } : {}),
  });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByText("Upload your videos")).toBeVisible();
  expect(await page.locator("body").ariaSnapshot()).not.toMatch(/drop/i);
  await context.close();
});
