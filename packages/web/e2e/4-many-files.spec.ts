import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible } from "./accessible.ts";
import { LONG_MS, recordTasks } from "./long-tasks.ts";
import { expect, fileRow, test } from "./person.ts";

const MANY = 300;
const name = (index: number) => `take ${index}.mp4`;

test("renders only the visible rows of hundreds of files, and reaches all of them", async ({
  page,
}) => {
  await page.goto("/");
  // Empty files appear in the list, and nothing has to be uploaded.
  await page.getByLabel("Files to upload").setInputFiles(
    Array.from({ length: MANY }, (_, index) => ({
      ...{ name: name(index), mimeType: "video/mp4", buffer: Buffer.alloc(0) },
    })),
  );
  const rows = page.getByRole("list", { name: "Files" }).getByRole("listitem");
  await expect(fileRow(page, name(0))).toContainText("This file is empty");
  await expect(rows.first()).toHaveAttribute("aria-setsize", String(MANY));
  expect(await rows.count()).toBeLessThan(40);
  await accessible(page, "a long list of files");

  // The focused row stays rendered, and the keyboard reaches every further row.
  await page.getByRole("button", { name: `Dismiss ${name(0)}`, exact: true }).focus();
  for (let index = 1; index <= 40; index += 1) {
    await page.keyboard.press("Tab");
    await expect(
      page.getByRole("button", { name: `Dismiss ${name(index)}`, exact: true }),
    ).toBeFocused();
  }
  await fileRow(page, name(40)).hover();
  await page.mouse.wheel(0, 1_000_000);
  await expect(fileRow(page, name(MANY - 1))).toBeVisible();
  await expect(fileRow(page, name(MANY - 1))).toHaveAttribute("aria-posinset", String(MANY));
  expect(await rows.count()).toBeLessThan(40);

  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(rows).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Choose files" })).toBeFocused();
});

test("adds a thousand files without a task that blocks the page", async ({ page, browser }) => {
  const folder = test.info().outputPath("card");
  await mkdir(folder);
  // Empty files appear in the list, and nothing has to be uploaded.
  const names = Array.from({ length: 1_000 }, (_, index) => name(index));
  await Promise.all(names.map((file) => writeFile(join(folder, file), "")));
  await page.goto("/");
  const input = page.getByLabel("Folder to upload");
  const rows = page.locator("li[aria-setsize]");
  // The first file loads the code.
  await page
    .getByLabel("Files to upload")
    .setInputFiles({ name: "first.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(0) });
  await expect(rows).toHaveCount(1);

  const { tasks } = await recordTasks(browser, page, async () => {
    await input.setInputFiles(folder);
    await expect(rows.first()).toHaveAttribute("aria-setsize", "1001");
  });
  const longest = tasks.slice(0, 5);
  test.info().annotations.push({ type: "tasks", description: JSON.stringify(longest) });
  expect(longest.filter(({ ms }) => ms > LONG_MS)).toEqual([]);
});
