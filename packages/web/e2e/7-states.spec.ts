import { accessible } from "./accessible.ts";
import { expect, fitsPhone, NAMES, upload } from "./person.ts";
import { test } from "./unfinished.ts";

test("opens the menu without JavaScript, accessibly", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("link", { name: "Settings" })).toBeVisible();
  await accessible(page, "the open menu");
  await page.getByRole("link", { name: "Deployments" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deployments" })).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await accessible(page, "the deployments");
});

test("lists an unfinished upload in the settings until it is discarded", async ({
  page,
  baseURL,
}) => {
  const name = "left behind.mp4";
  const started = await page.request.post("/api/uploads", {
    headers: { origin: baseURL ?? "" },
    data: { files: [{ name, sizeBytes: 5_000_000, contentType: "video/mp4" }] },
  });
  expect(started.ok()).toBe(true);
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Unfinished uploads" });
  await expect(section).toContainText(name);
  await accessible(page, "the settings with an unfinished upload");
  await fitsPhone(page, "the settings with an unfinished upload");
  await section.getByRole("button", { name: `Discard the upload of ${name}` }).click();
  const dialog = page.getByRole("dialog", { name: "Discard this upload?" });
  await expect(dialog).toBeVisible();
  await accessible(page, "the question before an upload is discarded");
  await dialog.getByRole("button", { name: "Discard" }).click();
  await expect(section.getByText(name)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await expect(page.getByText(name)).toHaveCount(0);
});

test("plays a video with a damaged middle, with a warning", async ({ page }) => {
  const address = await upload(page, "damaged");
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: NAMES.damaged })).toBeVisible();
  await expect(page.getByRole("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  await expect(page.getByText(/Part of the file is damaged/)).toBeVisible();
  await accessible(page, "the page of a damaged video");
  await fitsPhone(page, "the page of a damaged video");
});

test("shows buttons, the chosen view and the player's controls in forced colors", async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Choose files" })).toHaveCSS("border-width", "1px");
  const current = page.getByRole("navigation", { name: "Main" }).locator("[aria-current]");
  await expect(current).toHaveCSS("outline-style", "solid");
  const view = page.getByRole("radio", { name: "Cards" }).locator("xpath=..");
  await expect(view).toHaveCSS("outline-style", "solid");
  await page.getByRole("link", { name: NAMES.damaged }).first().click();
  // White signs on the color of a window would be invisible.
  await expect(page.locator(".player-bar")).toHaveCSS("background-color", "rgba(11, 10, 9, 0.7)");
});
