/** A stack with a full disk: the page shows it at once, and the same upload succeeds when there is space. */
import { type SmallDisk, smallDisk } from "@rushes/testing/disk";
import { type StackProcess, spawnStack } from "@rushes/testing/process";
import { choose, expect, fileRow, NAMES, test } from "./person.ts";

let disk: SmallDisk;
let stack: StackProcess | undefined;

test.beforeAll(async () => {
  test.setTimeout(200_000);
  disk = smallDisk(320);
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = disk.folder;
  stack = await spawnStack().finally(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  });
});

test.afterAll(async () => {
  await stack?.stop();
  disk?.close();
});

test("shows a full disk at once, and succeeds on a second try", async ({ page, expected }) => {
  if (!stack) throw new Error("The stack has not started.");
  expected.messages.push(/Failed to load resource/);
  await page.goto(stack.dashboard);
  // The upload engine loads when the page is idle. A row shows that it has loaded.
  await choose(page, "empty");
  await expect(fileRow(page, NAMES.empty)).toBeVisible();
  await disk.fill();
  await choose(page, "notes");
  const row = fileRow(page, NAMES.notes);
  await expect(row).toContainText("The storage is full", { timeout: 10_000 });
  await disk.clear();
  await page.getByRole("button", { name: `Try ${NAMES.notes} again` }).click();
  await expect(row).toHaveAttribute("data-status", "done", { timeout: 20_000 });

  // Enough space for the table but not for a file, so that S3 rejects the PUT.
  await disk.fill(64 * 1024 ** 2);
  await choose(page, "mp4");
  await expect(fileRow(page, NAMES.mp4)).toContainText("The storage is full", { timeout: 10_000 });
  await disk.clear();
});
