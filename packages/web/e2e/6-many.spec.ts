import { accessible } from "./accessible.ts";
import { uploadThroughApi } from "./api-upload.ts";
import { card, expect, fitsPhone, test } from "./person.ts";

/** More than fit on one page. They are text, which is rejected before any encode. */
const MANY = 55;
/** The most that the API lists at once. */
const LISTED = 100;
const titleOf = (index: number) => `Muster ${String(index).padStart(2, "0")}.mp4`;

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { origin: baseURL ?? "" },
  });
  const count = async (): Promise<number> => {
    const query = `status=rejected&q=muster&limit=${LISTED}`;
    const response = await request.get(`/api/jobs?${query}`);
    return (await response.json()).jobs.length;
  };
  // After a failed test, this runs again on the same stack.
  const before = await count();
  if (before < MANY) {
    const body = Buffer.from("no video");
    const files = Array.from({ length: MANY }, (_, index) => ({ name: titleOf(index), body }));
    await uploadThroughApi(request, files);
  }
  const expected = before < MANY ? Math.min(before + MANY, LISTED) : before;
  await expect.poll(count, { timeout: 60_000 }).toBe(expected);
  await request.dispose();
});

test("pages through a long list in both directions", async ({ page }) => {
  await page.goto("/jobs");
  const cards = page.getByRole("list", { name: "Videos" }).getByRole("listitem");
  await expect(cards).toHaveCount(50);
  const newest = await cards.first().getByRole("link").textContent();
  await accessible(page, "a full dashboard");
  await fitsPhone(page, "a full dashboard");
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(card(page, titleOf(0))).toBeVisible();
  await page.reload();
  await expect(card(page, titleOf(0))).toBeVisible();
  await page.getByRole("button", { name: "Newest" }).click();
  await expect(cards.first()).toContainText(newest ?? "");
});

test("searches by words of a name and filters by status, both kept in the URL", {
  tag: "@firefox",
}, async ({ page }) => {
  await page.goto("/jobs");
  await page.getByLabel("Search videos").pressSequentially("muster 07");
  const cards = page.getByRole("list", { name: "Videos" }).getByRole("listitem");
  await expect(cards).toHaveCount(1);
  await expect(card(page, titleOf(7))).toBeVisible();
  await page.reload();
  await expect(cards).toHaveCount(1);
  await page.getByLabel("Filter by status").selectOption("complete");
  await expect(page.getByText("No matching videos")).toBeVisible();
  await accessible(page, "a search without results");
  await page.getByRole("button", { name: "Show all videos" }).click();
  const filter = page.getByLabel("Filter by status");
  await filter.focus();
  const { statuses } = await (await page.request.get("/api/jobs/counts")).json();
  expect(statuses.rejected).toBeGreaterThanOrEqual(MANY);
  const rejected = filter.locator("option[value=rejected]");
  await expect(rejected).toHaveAttribute("label", `Rejected (${statuses.rejected})`);
  await filter.selectOption("complete");
  await expect(page).toHaveURL(/status=complete/);
  const { jobs } = await (await page.request.get("/api/jobs?status=complete&limit=1")).json();
  await expect(card(page, jobs[0].title)).toBeVisible();
  await expect(card(page, titleOf(54))).toHaveCount(0);
});

test("keeps the order of the list through Back, Forward and a reload", { tag: "@firefox" }, async ({
  page,
}) => {
  await page.goto("/jobs?status=rejected");
  const sort = page.getByLabel("Sort");
  const cards = page.getByRole("list", { name: "Videos" }).getByRole("listitem");
  await sort.selectOption({ label: "By name" });
  await expect(page).toHaveURL(/status=rejected&sort=name/);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(card(page, titleOf(MANY - 1))).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/sort=name$/);
  // Back before the page has rendered the new order.
  await sort.evaluate((select: HTMLSelectElement) => {
    select.value = "oldest";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    history.back();
  });
  await expect(sort).toHaveValue("name");
  await expect(page).toHaveURL(/sort=name$/);
  await page.goForward();
  await page.reload();
  await expect(sort).toHaveValue("oldest");
  await expect(cards).toHaveCount(50);
  // The cursor of the previous order is invalid for the new one.
  const held = Promise.withResolvers<void>();
  await page.route(/sort=size/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await sort.selectOption({ label: "Largest first" });
  await expect(page).toHaveURL(/sort=size$/);
  const next = page.getByRole("button", { name: "Next" });
  await expect(next).toHaveCount(0);
  held.resolve();
  await next.click();
  await expect(page).toHaveURL(/sort=size&cursor=/);
  await expect(card(page, titleOf(0))).toBeVisible();
});

test("shows the videos as cards or as a table, and remembers the choice", {
  tag: "@firefox",
}, async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto("/jobs?sort=size");
  const cards = page.getByRole("list", { name: "Videos" });
  // The list uses the width of the screen.
  expect((await cards.boundingBox())?.width).toBeGreaterThan(1600);
  // The code of the page checks and enables it.
  await expect(page.getByRole("radio", { name: "Cards" })).toBeChecked();
  await page.getByRole("radio", { name: "Cards" }).press("ArrowRight");
  const table = page.getByRole("table", { name: "Videos" });
  await expect(table.locator("[data-job]")).toHaveCount(50);
  await expect(cards).toHaveCount(0);
  await expect(page).toHaveURL(/sort=size$/);
  await accessible(page, "the table of videos");
  await fitsPhone(page, "the table of videos");
  await page.goto("/");
  await expect(page.getByRole("radio", { name: "Table" })).toBeChecked();
  await table.getByRole("checkbox").first().check();
  await expect(page.getByText("1 video selected")).toBeVisible();
  await table.getByRole("link").first().click();
  await expect(page.getByRole("article")).toBeVisible();
});

test("continues a search that found nothing in the rows that a page reads", async ({ page }) => {
  await page.route(/\/api\/jobs\?q=muster/, async (route) => {
    const url = new URL(route.request().url());
    if (!url.searchParams.has("cursor")) {
      const now = new Date().toISOString();
      return route.fulfill({ json: { jobs: [], cursor: "behind", now } });
    }
    url.searchParams.delete("cursor");
    return route.fulfill({ response: await route.fetch({ url: url.href }) });
  });
  await page.goto("/jobs");
  await page.getByLabel("Search videos").fill("muster 07");
  await expect(page.getByText("No matches so far")).toBeVisible();
  await expect(page.getByText("No matching videos")).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Pages of videos" })).toHaveCount(0);
  await accessible(page, "a search that has more rows to read");
  await page.getByRole("button", { name: "Continue the search" }).click();
  await expect(card(page, titleOf(7))).toBeVisible();
});

test("tags and deletes videos of several pages, and lists what failed", {
  tag: "@firefox",
}, async ({ page, expected }) => {
  // The response that fails.
  expected.messages.push(/status of 409/);
  await page.goto("/jobs?status=rejected&sort=name");
  const chosen = page.getByRole("region", { name: "Selected videos" });
  const select = (index: number) =>
    page.getByRole("checkbox", { name: `Select ${titleOf(index)}`, exact: true });
  await select(10).check();
  await page.getByRole("button", { name: "Next" }).click();
  await select(MANY - 1).check();
  await expect(chosen.getByText("2 videos selected")).toBeVisible();
  await chosen.getByRole("button", { name: "Tags" }).click();
  await chosen.getByLabel("Tag").pressSequentially("Pile");
  await accessible(page, "the tags of several videos");
  await fitsPhone(page, "the tags of several videos");
  await chosen.getByRole("button", { name: "Add the tag" }).click();
  await expect(chosen).toHaveCount(0);
  await page.goto("/jobs?tag=pile");
  const videos = page.locator("[data-job]");
  await expect(videos).toHaveCount(2);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  // One of them fails.
  const json = { code: "job.tags", message: "A video can have 10 tags. Remove one first." };
  await page.route(/\/api\/jobs\/job_/, (route) => route.fulfill({ status: 409, json }), {
    times: 1,
  });
  await chosen.getByRole("button", { name: "Tags" }).click();
  await chosen.getByLabel("Tag").pressSequentially("Second");
  await chosen.getByRole("button", { name: "Add the tag" }).click();
  const failures = page.getByRole("alert").filter({ hasText: "1 video could not be tagged" });
  await expect(failures.getByRole("listitem")).toContainText("A video can have 10 tags.");
  await accessible(page, "an action that failed for one of two videos");
  // What failed stays selected.
  await expect(chosen.getByText("1 video selected")).toBeVisible();
  await failures.getByRole("button", { name: "Dismiss" }).click();
  await expect(failures).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await chosen.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No matching videos")).toBeVisible();
});

test("deletes many videos at once after a confirmation", async ({ page }) => {
  await page.goto("/jobs?q=muster%200");
  const cards = page.getByRole("list", { name: "Videos" }).getByRole("listitem");
  await expect(cards).toHaveCount(10);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  // At the end of the page the selection bar covers no card.
  await page.keyboard.press("Control+End");
  await accessible(page, "a selection");
  await fitsPhone(page, "a selection");
  await page
    .getByRole("region", { name: "Selected videos" })
    .getByRole("button", { name: "Delete" })
    .click();
  const dialog = page.getByRole("dialog", { name: "Delete 10 videos?" });
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No matching videos")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No matching videos")).toBeVisible();
});

test("undoes a deletion, and deletes at the end of the time to undo", { tag: "@firefox" }, async ({
  page,
}) => {
  // The test decides when these eight seconds have passed.
  await page.clock.setFixedTime(new Date());
  await page.addInitScript(() => {
    const schedule = window.setTimeout;
    const held: (() => void)[] = [];
    Object.assign(window, {
      release() {
        for (const run of held.splice(0)) run();
      },
      // No timer has a negative id, so clearing it changes nothing.
      setTimeout: (run: () => void, ms?: number) =>
        ms === 8000 ? -held.push(run) : schedule(run, ms),
    });
  });
  await page.goto("/jobs?q=muster%202");
  const videos = page.locator("[data-job]");
  await expect(videos).toHaveCount(10);
  const requests: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/jobs/delete")) requests.push(request.postData() ?? "");
  });
  const remove = async (index: number) => {
    await page.getByRole("checkbox", { name: `Select ${titleOf(index)}`, exact: true }).check();
    await page
      .getByRole("region", { name: "Selected videos" })
      .getByRole("button", { name: "Delete" })
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  };
  const deleted = page.getByRole("region", { name: "Deleted videos" });
  const undo = deleted.getByRole("button", { name: "Undo" });
  await remove(21);
  await expect(videos).toHaveCount(9);
  // The keyboard is on the button, and the live region says what happened.
  await expect(undo).toBeFocused();
  await expect(page.locator("[data-announcer]")).toHaveText(/^1 video deleted. You can undo/);
  await accessible(page, "a deletion that can be undone");
  await fitsPhone(page, "a deletion that can be undone");
  await page.keyboard.press("Enter");
  await expect(deleted).toHaveCount(0);
  await expect(videos).toHaveCount(10);
  await expect(page.locator("#main")).toBeFocused();
  await page.evaluate("release()");

  await remove(22);
  await expect(undo).toBeFocused();
  expect(requests).toEqual([]);
  const answered = page.waitForResponse(/\/api\/jobs\/delete$/);
  await page.evaluate("release()");
  expect((await answered).status()).toBe(200);
  await expect(deleted).toHaveCount(0);
  expect(requests).toHaveLength(1);
  await page.reload();
  await expect(videos).toHaveCount(9);
  await expect(card(page, titleOf(22))).toHaveCount(0);
});

test("shows that a list failed to load, and reloads it on request", async ({ page, expected }) => {
  expected.messages.push(/Failed to load resource/);
  await page.route(/\/api\/jobs(\?|$)/, (route) =>
    route.fulfill({
      status: 503,
      json: { code: "service.unavailable", message: "The list rests." },
    }),
  );
  await page.goto("/jobs");
  await page.getByLabel("Search videos").fill("muster");
  await expect(page.getByText("The videos could not be loaded")).toBeVisible();
  await accessible(page, "a dashboard that could not be loaded");
  await page.unroute(/\/api\/jobs(\?|$)/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("list", { name: "Videos" })).toBeVisible();
});
