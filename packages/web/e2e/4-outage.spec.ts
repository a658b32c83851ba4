import type { Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { type Line, pageOn, startLine } from "./line.ts";
import { choose, expect, fileRow, NAMES } from "./person.ts";
import { SLOW, speedOf, UNLIMITED } from "./speed.ts";
import { test } from "./unfinished.ts";

let line: Line;
test.beforeEach(async ({ baseURL }) => {
  line = await startLine(baseURL ?? "");
});
test.afterEach(() => line.close());

/** Starts an upload that does not finish while the connection is slow. */
async function uploadSlowly(page: Page): Promise<() => Promise<void>> {
  const speed = await speedOf(page);
  await speed(SLOW);
  await page.goto("/");
  await choose(page, "large");
  await expect(fileRow(page, NAMES.large)).toContainText("/s");
  return () => speed(UNLIMITED);
}

const alert = (page: Page) =>
  page.getByRole("alert").filter({ hasText: "The server is not responding" });
const videos = (page: Page) => page.getByRole("link", { name: "Videos", exact: true });

for (const mode of ["cut", "unavailable"] as const) {
  test(`keeps the app and its uploads running when a link is clicked while the server is down (${mode})`, async ({
    browser,
    baseURL,
  }) => {
    const page = await pageOn(line, browser, baseURL);
    const hurry = await uploadSlowly(page);
    line.set(mode);
    await videos(page).click();
    await expect(alert(page)).toBeVisible();
    await accessible(page, "a page whose server is away");
    if (mode === "cut") {
      await expect(fileRow(page, NAMES.large)).toContainText("No connection to the server");
      await expect(page.getByRole("region", { name: "Upload" })).not.toContainText("left");
    }

    await alert(page).getByRole("button", { name: "Stay on this page" }).click();
    await expect(alert(page)).toBeHidden();
    await expect(page).toHaveURL(/\/$/);
    await videos(page).click();
    await expect(alert(page)).toBeVisible();

    await hurry();
    line.set("open");
    await alert(page).getByRole("button", { name: "Try now" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Videos" })).toBeVisible();
    await expect(alert(page)).toBeHidden();
    await page.getByRole("link", { name: "Upload", exact: true }).click();
    // Simulates the user's return to the tab: every upload retries at once.
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "done", {
      timeout: 40_000,
    });
    await page.context().close();
  });
}

test("sends a part again if one of its bytes changed on the way", async ({ browser, baseURL }) => {
  const page = await pageOn(line, browser, baseURL);
  await page.goto("/");
  const statuses = line.flip();
  await choose(page, "large");
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "done", {
    timeout: 40_000,
  });
  expect(statuses.filter((status) => status !== 200)).toEqual([400]);
  await page.context().close();
});
