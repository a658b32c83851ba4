import { accessible, card, expect, NAMES, test, upload } from "./person.ts";

test("cancels an encode, and retries it as a new attempt", async ({ page }) => {
  test.setTimeout(120_000);
  const address = await upload(page, "long");
  await page.goto(address);
  const job = page.getByRole("article");
  await expect(job).toHaveAttribute("data-status", "progressing", { timeout: 60_000 });
  await accessible(page, "the page of a video that is being encoded");
  await page.getByRole("button", { name: "Cancel encoding" }).click();
  await expect(job).toHaveAttribute("data-status", "canceled", { timeout: 30_000 });
  await accessible(page, "the page of a canceled video");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Attempt 2").first()).toBeVisible();
  await expect(job).toHaveAttribute("data-status", "progressing", { timeout: 60_000 });
  await page.getByRole("button", { name: "Cancel encoding" }).click();
  await expect(job).toHaveAttribute("data-status", "canceled", { timeout: 30_000 });
});

test("renames a video in the list and after a reload", async ({ page }) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: NAMES.long }).click();
  await page.getByRole("button", { name: "Rename" }).click();
  const field = page.getByLabel("Name of the video");
  await accessible(page, "renaming");
  await field.fill("Nachtdreh, Rolle 7");
  await field.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Nachtdreh, Rolle 7" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Nachtdreh, Rolle 7" })).toBeVisible();
  await page.goto("/jobs");
  await expect(card(page, "Nachtdreh, Rolle 7")).toBeVisible();
});

test("returns to the list after deleting a video in progress; another tab shows that it is deleted", async ({
  page,
  expected,
}) => {
  test.setTimeout(120_000);
  // The other tab requests the deleted video once.
  expected.messages.push(/status of 404/);
  const address = await upload(page, "long");
  await page.goto(address);
  await expect(page.getByRole("article")).toHaveAttribute("data-status", "progressing", {
    timeout: 60_000,
  });
  const other = await page.context().newPage();
  await other.goto(address);
  await expect(other.getByRole("article")).toBeVisible();
  // Records what the page shows before the list appears.
  const headings: string[] = [];
  await page.exposeFunction("remember", (text: string) => headings.push(text));
  await page.evaluate(() => {
    new MutationObserver(() => {
      const heading = document.querySelector("h1")?.textContent ?? "";
      // Added by exposeFunction, so it has no type.
      (window as unknown as { remember(text: string): void }).remember(heading);
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/jobs$/);
  await expect(page.getByRole("heading", { level: 1, name: "Videos" })).toBeVisible();
  expect(headings.filter((text) => /not found|deleted/.test(text))).toEqual([]);
  await other.bringToFront();
  await expect(
    other.getByRole("heading", { level: 1, name: "This video was deleted" }),
  ).toBeVisible();
  await accessible(other, "the page of a video that was deleted meanwhile");
  await other.close();
});
