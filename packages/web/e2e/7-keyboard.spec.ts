import type { Locator, Page } from "@playwright/test";
import { expect, fileRow, freshClip, NAMES, test, withoutHandles } from "./person.ts";

/** Presses Tab until `target` has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const there = await target
      .evaluate((element) => element === document.activeElement)
      .catch(() => false);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("80 presses of Tab did not reach it.");
}

test("works without a mouse: upload, open, play, go back", async ({ page }) => {
  await page.goto("/");
  await withoutHandles(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  // Playwright intercepts the dialog from here on, which takes longer than a key does.
  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, page.getByRole("button", { name: "Choose files" }));
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(await freshClip("wide"));
  const open = fileRow(page, NAMES.wide).getByRole("link", { name: /^Open the video/ });
  await expect(open).toBeVisible({ timeout: 30_000 });
  // The result is announced to screen readers.
  await expect(page.locator("[data-announcer]")).toContainText(NAMES.wide);
  await tabTo(page, open);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: NAMES.wide })).toBeVisible();
  await expect(page.getByRole("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  const best = page.getByRole("radio", { name: "64p 1920×64" });
  await expect(best).toBeChecked();
  await tabTo(page, best);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "42p 1280×42" })).toBeChecked();
  await page.keyboard.press("Home");
  await page.locator("body").press("Tab");
  await tabTo(page, page.getByRole("link", { name: "All videos" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Videos" })).toBeVisible();
});

test("keeps the focus in a dialog, closes it on Escape and returns the focus", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAMES.wide }).first().click();
  const button = page.getByRole("button", { name: "Delete" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});
