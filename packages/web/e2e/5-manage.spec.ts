import type { Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { card, expect, fitsPhone, NAMES, test, upload } from "./person.ts";
import { throttled } from "./throttle.ts";

/** The encodes of `act` do not end before it cancels them, however slow its browser is. */
const duringEncode = (act: () => Promise<void>) =>
  throttled({ folder: process.env.RUSHES_E2E_THROTTLE, speed: 0.02 }, act);

test("cancels an encode, and retries it as a new attempt", async ({ page }) => {
  test.setTimeout(120_000);
  await duringEncode(async () => {
    const address = await upload(page, "long");
    await page.goto(address);
    const job = page.getByRole("article");
    await expect(job).toHaveAttribute("data-status", "progressing", { timeout: 60_000 });
    const original = page.getByText("Original, still encoding");
    await expect(original).toBeVisible();
    await accessible(page, "the page of a video that is being encoded");
    await page.getByRole("button", { name: "Cancel encoding" }).click();
    await expect(job).toHaveAttribute("data-status", "canceled", { timeout: 30_000 });
    await expect(original).toBeHidden();
    await accessible(page, "the page of a canceled video");
    await page.getByRole("button", { name: "Try another profile…" }).click();
    const dialog = page.getByRole("dialog", { name: "Encode this video again" });
    await expect(dialog.getByRole("radio", { name: /^original/ })).toBeChecked();
    await accessible(page, "the choice of a profile for a canceled video");
    await fitsPhone(page, "the choice of a profile for a canceled video");
    await dialog.getByRole("radio", { name: /^hls/ }).check();
    await dialog.getByRole("button", { name: "Encode again" }).click();
    await expect(page.getByText("Attempt 2").first()).toBeVisible();
    await expect(page.getByRole("definition").filter({ hasText: /^hls$/ })).toBeVisible();
    await expect(job).toHaveAttribute("data-status", "progressing", { timeout: 60_000 });
    await page.getByRole("button", { name: "Cancel encoding" }).click();
    await expect(job).toHaveAttribute("data-status", "canceled", { timeout: 30_000 });
  });
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

test("adds a tag to a video, lists the videos with it, and removes it", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.goto("/jobs");
  await page.getByRole("link", { name: "Nachtdreh, Rolle 7" }).click();
  await page.getByRole("button", { name: "Add a tag" }).click();
  const field = page.getByLabel("New tag");
  await field.fill(" Zürich  2026 ");
  await field.press("Enter");
  const tags = page.getByRole("list", { name: "Tags" });
  await expect(tags.getByRole("listitem")).toHaveText(["Tag Zürich 2026"]);
  await accessible(page, "a video with a tag");
  await fitsPhone(page, "a video with a tag");
  await tags.getByRole("link", { name: "Zürich 2026" }).click();
  await expect(page).toHaveURL(/\/jobs\?tag=/);
  const cards = page.getByRole("list", { name: "Videos" }).getByRole("listitem");
  await expect(card(page, "Nachtdreh, Rolle 7")).toBeVisible();
  await expect(page.locator("[data-job]")).toHaveCount(1);
  await expect(page.getByLabel("Sort")).toBeDisabled();
  const filter = page.getByLabel("Filter by tag");
  await expect(filter).toHaveValue("Zürich 2026");
  await filter.selectOption({ label: "All tags" });
  await expect(page).toHaveURL(/\/jobs$/);
  await filter.hover();
  await filter.selectOption({ label: "Zürich 2026 (1)" });
  await expect(page).toHaveURL(/\/jobs\?tag=/);
  await expect(page.locator("[data-job]")).toHaveCount(1);
  await accessible(page, "the videos with a tag");
  await fitsPhone(page, "the videos with a tag");
  const phone = await browser.newContext({
    ...{ hasTouch: true, isMobile: true },
    ...(baseURL ? { baseURL } : {}),
  });
  const onPhone = await phone.newPage();
  await onPhone.goto("/jobs");
  const options = onPhone.getByLabel("Filter by tag").locator("option");
  await expect(options, "the tags, before a first touch").toHaveText([
    "All tags",
    "Zürich 2026 (1)",
  ]);
  await phone.close();
  await page.reload();
  await expect(cards.first()).toContainText("Nachtdreh, Rolle 7");
  await expect(page.locator("[data-job]")).toHaveCount(1);
  await page.getByLabel("Search videos").fill("nothing");
  await expect(page.getByText("No matching videos")).toBeVisible();
  await page.getByLabel("Search videos").fill("zuri");
  await card(page, "Nachtdreh, Rolle 7").getByRole("link", { name: "Nachtdreh" }).click();
  await page.getByRole("button", { name: "Remove the tag Zürich 2026" }).click();
  await expect(tags).toHaveCount(0);
});

test("shows whole names, with the status below, in the table on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/jobs");
  await page.getByTitle("Table").click();
  const row = page.getByRole("row").filter({ hasText: "Nachtdreh, Rolle 7" });
  await expect(row.getByText("Canceled").filter({ visible: true })).toHaveCount(1);
  const isCut = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element) =>
    scrollWidth > clientWidth || scrollHeight > clientHeight;
  expect(await row.getByRole("link", { name: "Nachtdreh, Rolle 7" }).evaluate(isCut)).toBe(false);
});

test("retries and cancels the selected videos", async ({ page }) => {
  test.setTimeout(120_000);
  await duringEncode(async () => {
    await page.goto("/jobs?q=nachtdreh");
    const chosen = page.getByRole("region", { name: "Selected videos" });
    const video = page.locator("[data-job]");
    const select = page.getByRole("checkbox", { name: "Select Nachtdreh, Rolle 7" });
    await expect(video).toHaveAttribute("data-status", "canceled");
    await select.check();
    await chosen.getByRole("button", { name: "Retry 1" }).click();
    await expect(chosen).toHaveCount(0);
    await expect(video).toHaveAttribute("data-status", "progressing", { timeout: 60_000 });
    await select.check();
    await chosen.getByRole("button", { name: "Cancel encoding of 1" }).click();
    await expect(video).toHaveAttribute("data-status", "canceled", { timeout: 30_000 });
  });
});

test("returns to the list after deleting a video in progress; another tab shows that it is deleted", async ({
  page,
  expected,
}) => {
  test.setTimeout(120_000);
  await duringEncode(async () => {
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
    await page.reload();
    await other.bringToFront();
    await expect(
      other.getByRole("heading", { level: 1, name: "This video was deleted" }),
    ).toBeVisible();
    await accessible(other, "the page of a video that was deleted meanwhile");
    await other.close();
  });
});

/** Opens a new share link of a video, with a clock that the test moves. */
async function openLink(page: Page, path: string, baseURL: string | undefined) {
  const made = await page.request.post(`/api${path}/shares`, {
    headers: { origin: baseURL ?? "" },
    data: { expiresInHours: 1 },
  });
  const visitor = await page.context().newPage();
  await visitor.clock.install();
  await visitor.goto(new URL((await made.json()).share.url).pathname);
  await expect(visitor.locator("media-play-button")).toBeVisible();
  /** Waits until the page has renewed its URLs, and then has these captions. */
  const sees = async (captions: string[]) => {
    await visitor.clock.fastForward(45_000);
    const tracks = () =>
      visitor
        .locator("video")
        .evaluate((video: HTMLVideoElement) =>
          [...video.textTracks]
            .filter(({ kind }) => kind === "captions")
            .map(({ language, label }) => `${language} ${label}`),
        );
    await expect.poll(tracks).toEqual(captions);
  };
  return { sees };
}

test("adds captions to a video, renames, downloads and removes them, for visitors too", async ({
  page,
  baseURL,
  expected,
}) => {
  test.setTimeout(120_000);
  // The invalid file.
  expected.messages.push(/status of 400/);
  const path = await upload(page, "webm");
  await page.goto(path);
  await page.getByRole("button", { name: "Captions" }).click({ timeout: 60_000 });
  const visitor = await openLink(page, path, baseURL);
  const dialog = page.getByRole("dialog", { name: "Captions of this video" });
  await accessible(page, "the captions of a video without any");
  const add = async (name: string, text: string) => {
    await dialog.getByLabel("File").setInputFiles({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(text),
    });
    await dialog.getByRole("button", { name: "Add captions" }).click();
  };
  await add("clip.de.srt", "1\n00:00:02,000 --> 00:00:01,000\nHallo\n");
  await expect(dialog.getByRole("alert")).toHaveText("Line 2: the caption ends before it starts.");
  await expect(dialog.getByLabel("Language")).toHaveValue("de");
  await add("clip.de.srt", "1\n00:00:01,000 --> 00:00:02,000\nHallo\n");
  const row = dialog.getByRole("list", { name: "Captions" }).getByRole("listitem");
  await expect(row).toContainText("German · 1 caption");
  await accessible(page, "the captions of a video");
  await fitsPhone(page, "the captions of a video");
  await visitor.sees(["de Deutsch"]);

  await row.getByRole("button", { name: "Edit the captions Deutsch" }).click();
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Für Gehörlose");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Für Gehörlose");
  await visitor.sees(["de Für Gehörlose"]);
  const download = page.waitForEvent("download");
  await row.getByRole("link", { name: "Download the captions Für Gehörlose" }).click();
  expect((await download).suggestedFilename()).toBe("clip.de.vtt");
  const id = await row.getAttribute("data-captions");
  const headers = { origin: baseURL ?? "" };
  await page.request.patch(`/api${path}/captions/${id}`, { headers, data: { language: "gsw" } });
  await visitor.sees(["gsw Für Gehörlose"]);

  await row.getByRole("button", { name: "Remove the captions Für Gehörlose" }).click();
  const confirm = page.getByRole("dialog", { name: "Remove these captions?" });
  await confirm.getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
  await visitor.sees([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Captions" })).toBeFocused();
});

test("makes a frame of the video its poster, and returns to the automatic one", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto(await upload(page, "webm"));
  await expect(page.getByRole("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  await expect(page.getByRole("button", { name: "Encode again…" })).toBeVisible();
  const choice = page.getByRole("region", { name: "Poster" });
  const picture = choice.locator("img");
  await expect(picture).toHaveAttribute("src", /-poster\./);
  await page.locator("video").evaluate((video: HTMLVideoElement) => {
    video.currentTime = 1;
  });
  await choice.getByRole("button", { name: "Use this frame as poster" }).click();
  await expect(picture).toHaveAttribute("src", /\/posters\//);
  await expect(page.locator("video")).toHaveAttribute("poster", /\/posters\//);
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(1);
  await accessible(page, "a video with a chosen poster");
  await fitsPhone(page, "a video with a chosen poster");
  await page.goto("/jobs");
  await expect(card(page, NAMES.webm).first().locator("img")).toHaveAttribute("src", /\/posters\//);
  await page.goBack();
  await choice.getByRole("button", { name: "Use the automatic poster" }).click();
  await expect(picture).toHaveAttribute("src", /-poster\./);
  await expect(page.locator("video")).toHaveAttribute("poster", /-poster\./);
});
