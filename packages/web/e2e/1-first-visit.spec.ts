import { accessible } from "./accessible.ts";
import { expect, fitsPhone, test } from "./person.ts";

test("shows a new user how to start, on both pages", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await expect(page.getByText("No videos yet")).toBeVisible();
  await accessible(page, "the empty upload page");
  await fitsPhone(page, "the empty upload page");

  await page.goto("/jobs");
  await expect(page.getByText("No videos yet")).toBeVisible();
  await accessible(page, "the empty dashboard");
  await page.getByRole("link", { name: "Upload a video" }).click();
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
});

test("shows a page for an unknown URL with a link back", async ({ page, expected }) => {
  expected.messages.push(/404/);
  for (const path of ["/nowhere", "/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV"]) {
    await page.goto(path);
    await expect(
      page.getByRole("heading", { level: 1, name: /not here|not found/i }),
    ).toBeVisible();
    await accessible(page, path);
  }
});

test("forbids scripts and frames of other sites", async ({ request }) => {
  const headers = (await request.get("/")).headers();
  expect(headers["content-security-policy"]).toMatch(/default-src/);
  expect(headers["content-security-policy"]).toMatch(/frame-ancestors 'none'/);
  expect(headers["x-content-type-options"]).toBe("nosniff");
});
