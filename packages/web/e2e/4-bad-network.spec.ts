import { appendFile, mkdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./accessible.ts";
import { card, choose, chooseFiles, copyClip, expect, fileRow, NAMES } from "./person.ts";
import { SLOW, speedOf, UNLIMITED } from "./speed.ts";
import { test } from "./unfinished.ts";

/** Browsers log every failed request to the console. */
const LOST = /Failed to load resource|net::ERR|CORS policy/;

test("pauses an upload while the browser is offline, and resumes it automatically", async ({
  page,
  expected,
}) => {
  expected.messages.push(LOST);
  const set = await speedOf(page);
  await set(SLOW);
  await page.goto("/");
  await choose(page, "large");
  const row = fileRow(page, NAMES.large);
  await expect(row).toHaveAttribute("data-status", "sending");
  await expect(row).toContainText("/s");
  await set("offline");
  await expect(row).toContainText("Paused: you are offline");
  await accessible(page, "the upload page while offline");
  await set(UNLIMITED);
  await expect(row).toHaveAttribute("data-status", "done", { timeout: 40_000 });
});

test("uploads files that were chosen offline when the browser is online again", async ({
  page,
  expected,
}) => {
  expected.messages.push(LOST);
  const set = await speedOf(page);
  await page.goto("/");
  // The upload engine loads when the page is idle. A row shows that it has loaded.
  await choose(page, "empty");
  await expect(fileRow(page, NAMES.empty)).toBeVisible();
  await set("offline");
  await choose(page, "notes");
  await expect(fileRow(page, NAMES.notes)).toContainText("Paused: you are offline");
  await set(UNLIMITED);
  await expect(fileRow(page, NAMES.notes)).toHaveAttribute("data-status", "done", {
    timeout: 30_000,
  });
});

test("signs a rejected URL again, and retries when storage fails", async ({ page, expected }) => {
  expected.messages.push(LOST);
  const answers = [403, 503, 500];
  const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "*" };
  await page.route(/X-Amz-Signature/, async (route) => {
    const status = route.request().method() === "PUT" ? answers.shift() : undefined;
    if (!status) return route.continue();
    return route.fulfill({ status, headers: cors, body: "<Error><Code>Injected</Code></Error>" });
  });
  const signed = page.waitForRequest(/\/api\/uploads\/[^/]+\/sign$/);
  await page.goto("/");
  await choose(page, "mp4");
  await signed;
  await expect(fileRow(page, NAMES.mp4)).toHaveAttribute("data-status", "done", {
    timeout: 30_000,
  });
  expect(answers).toEqual([]);
});

test("says that a file was deleted, truncated or changed during its upload", async ({
  page,
  expected,
}) => {
  expected.messages.push(LOST);
  const folder = test.info().outputPath("card");
  await mkdir(folder);
  const names = ["deleted.mp4", "truncated.mp4", "changed.mp4"] as const;
  const [deleted, truncated, changed] = names.map((name) => join(folder, name));
  // Its parts take all connections, so no part of the others is sent before they change.
  const first = join(folder, "first.mp4");
  const paths = [first, ...names.map((name) => join(folder, name))];
  for (const path of paths) await copyClip("large", path);
  await (await speedOf(page))(SLOW);
  await page.goto("/");
  await page.getByLabel("Files to upload").setInputFiles(paths);
  for (const name of names) {
    await expect(fileRow(page, name)).toHaveAttribute("data-status", "sending");
  }
  await rm(deleted ?? "");
  await truncate(truncated ?? "", 1000);
  await appendFile(changed ?? "", "more");
  await page.getByRole("button", { name: "Cancel the upload of first.mp4" }).click();
  for (const name of names) {
    await expect(fileRow(page, name)).toContainText("changed or moved after you chose it", {
      timeout: 60_000,
    });
  }
});

test("stops a canceled upload, which leaves no object and no job", async ({ page }) => {
  await (await speedOf(page))(SLOW);
  await page.goto("/");
  await expect(page.getByRole("list", { name: "Videos" })).toBeVisible();
  const before = await card(page, NAMES.large).count();
  const removed = page.waitForResponse(
    (response) =>
      response.request().method() === "DELETE" && /\/api\/uploads\/upl_/.test(response.url()),
  );
  await choose(page, "large");
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "sending");
  await page.getByRole("button", { name: `Cancel the upload of ${NAMES.large}` }).click();
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "canceled");
  await expect(fileRow(page, NAMES.large)).toBeFocused();
  expect((await removed).status()).toBe(204);
  const open = await page.request.get("/api/uploads?status=open");
  expect((await open.json()).uploads).toEqual([]);
  expect(await card(page, NAMES.large).count()).toBe(before);
});

test("asks for confirmation before you leave the page during an upload, and continues it later", async ({
  page,
}) => {
  await (await speedOf(page))(SLOW);
  await page.goto("/");
  const paths = await choose(page, "large");
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "sending");
  await page.getByRole("link", { name: "Videos", exact: true }).click();
  await expect(page.getByRole("complementary", { name: "Uploads in progress" })).toBeVisible();
  await accessible(page, "the dashboard during an upload");
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => setTimeout(() => location.reload(), 0));
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  page.once("dialog", (second) => second.accept());
  await page.goto("/");
  const open = async () => {
    const answer = await page.request.get("/api/uploads?status=open");
    return (await answer.json()).uploads.map(({ id }: { id: string }) => id);
  };
  const before = await open();
  expect(before).toHaveLength(1);
  await chooseFiles(page, paths);
  await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "sending");
  expect(await open()).toEqual(before);
  await page.getByRole("button", { name: `Cancel the upload of ${NAMES.large}` }).click();
});
