import { accessible } from "./accessible.ts";
import { open, recordShifts, shifted } from "./loads.ts";
import { choose, clipPath, expect, fileRow, fitsPhone, NAMES } from "./person.ts";
import {
  BLOCKED,
  chooseKept,
  giveHandles,
  holdPart,
  interruptKept,
  KEPT,
  mostArrived,
  recordParts,
  row,
  section,
  test,
} from "./unfinished.ts";

test("lists an unfinished upload after a reload and on another device, and continues it", {
  tag: "@firefox",
}, async ({ page, browser, browserName, baseURL, expected }) => {
  expected.messages.push(BLOCKED);
  await recordShifts(page.context());
  const release = await holdPart(page, 3);
  await page.goto("/");
  const [large = ""] = await choose(page, "large");
  await mostArrived(page);
  await expect(section(page)).toHaveCount(0);

  await test.step("after a reload, without moving the page", async () => {
    page.once("dialog", (dialog) => dialog.accept());
    await open(page, "/");
    await expect(row(page, NAMES.large)).toContainText("35 MB of 41.9 MB uploaded");
    await expect(row(page, NAMES.large)).toContainText("Expires");
    const { total, of } = await shifted(page);
    expect(total, of.join("\n")).toBeLessThanOrEqual(0.02);
    await accessible(page, "the upload page with an unfinished upload");
    await fitsPhone(page, "the upload page with an unfinished upload");
  });

  await test.step("on another device", async () => {
    const other = await browser.newContext(baseURL === undefined ? {} : { baseURL });
    const device = await other.newPage();
    await device.goto("/");
    await expect(row(device, NAMES.large)).toContainText("35 MB of 41.9 MB uploaded");
    await other.close();
  });

  const chooseInRow = async (path: string) => {
    const chooser = page.waitForEvent("filechooser");
    await row(page, NAMES.large)
      .getByRole("button", { name: /^Choose file/ })
      .click();
    await (await chooser).setFiles(path);
  };

  // Firefox reports to Playwright only the first file chooser of an input.
  if (browserName === "chromium") {
    await test.step("not with another file", async () => {
      await chooseInRow(clipPath("mp4"));
      await expect(row(page, NAMES.large)).toContainText("is another file");
    });
  }

  await test.step("with the same file, of which only the missing part is sent", async () => {
    await release();
    const sent = recordParts(page);
    await chooseInRow(large);
    await expect(fileRow(page, NAMES.large)).toHaveAttribute("data-status", "done", {
      timeout: 40_000,
    });
    expect(sent).toEqual(["3"]);
    await expect(section(page)).toHaveCount(0);
  });
});

test("discards an unfinished upload on the upload page", async ({ page, baseURL }) => {
  const name = "left behind.mp4";
  await page.request.post("/api/uploads", {
    headers: { origin: baseURL ?? "" },
    data: { files: [{ name, sizeBytes: 5_000_000, contentType: "video/mp4" }] },
  });
  await page.goto("/");
  await row(page, name).getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(row(page, name)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Choose files" })).toBeFocused();
  await page.reload();
  await expect(page.getByRole("list", { name: "Videos" })).toBeVisible();
  await expect(section(page)).toHaveCount(0);
});

test("continues an upload with one click where the browser keeps a handle of its file", async ({
  page,
  expected,
}) => {
  expected.messages.push(BLOCKED);
  const keptCount = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open("rushes-uploads");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const counting = opening.result.transaction("files").objectStore("files").count();
            counting.onsuccess = () => resolve(counting.result);
            opening.result.close();
          };
        }),
    );

  await giveHandles(page);
  await interruptKept(page);
  await row(page, KEPT).getByRole("button", { name: "Continue" }).click();
  await expect(fileRow(page, KEPT)).toHaveAttribute("data-status", "done", { timeout: 40_000 });
  await expect.poll(keptCount).toBe(0);
});

test("shows in all tabs what one uploads, and continues it when that tab closes", async ({
  page,
  expected,
}) => {
  expected.messages.push(BLOCKED);
  const early = await page.context().newPage();
  await early.goto("/");
  await giveHandles(page);
  await holdPart(page, 3);
  await chooseKept(page);
  await mostArrived(page);
  await expect(row(early, KEPT)).toContainText("Uploading in another tab");
  await early.close();

  const second = await page.context().newPage();
  await second.goto("/");
  await expect(row(second, KEPT)).toContainText("Uploading in another tab");
  await expect(row(second, KEPT)).toContainText("28.8 MB of 34.6 MB");
  await expect(row(second, KEPT).getByRole("button")).toHaveCount(0);
  await accessible(second, "the upload page while another tab uploads");

  await page.close({ runBeforeUnload: false });
  await expect(fileRow(second, KEPT)).toHaveAttribute("data-status", "done", { timeout: 40_000 });
  await expect(section(second)).toHaveCount(0);
});
