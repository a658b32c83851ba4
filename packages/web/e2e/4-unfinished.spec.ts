import type { Page } from "@playwright/test";
import { accessible } from "./accessible.ts";
import { open, recordShifts, shifted } from "./loads.ts";
import { choose, clipPath, expect, fileRow, fitsPhone, NAMES, test } from "./person.ts";

/** Browsers log every failed request to the console. */
const BLOCKED = /net::ERR_BLOCKED_BY_CLIENT/;

/** Keeps one part of every upload from being sent. Returns a function that lets it through from then on. */
async function holdPart(page: Page, number: number): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const block = async (...urls: string[]) => {
    await devtools.send("Network.setBlockedURLs", { urls });
  };
  await block(`*partNumber=${number}*`);
  return () => block();
}

const section = (page: Page) => page.getByRole("region", { name: "Unfinished uploads" });
const row = (page: Page, name: string) =>
  section(page).getByRole("listitem").filter({ hasText: name });

/** Waits until all parts but one of the upload have arrived. */
async function mostArrived(page: Page): Promise<void> {
  await expect(async () => {
    const { uploads } = await (await page.request.get("/api/uploads?status=open")).json();
    const { parts } = await (await page.request.get(`/api/uploads/${uploads[0].id}/parts`)).json();
    expect(parts).toHaveLength(5);
  }).toPass();
}

test("lists an unfinished upload after a reload and on another device, and continues it", async ({
  page,
  browser,
  baseURL,
  expected,
}) => {
  expected.messages.push(BLOCKED);
  await recordShifts(page.context());
  const release = await holdPart(page, 3);
  await page.goto("/");
  await choose(page, "large");
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

  await test.step("not with another file", async () => {
    await chooseInRow(clipPath("mp4"));
    await expect(row(page, NAMES.large)).toContainText("is another file");
  });

  await test.step("with the same file, of which only the missing part is sent", async () => {
    await release();
    const sent: (string | null)[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (request.method() === "PUT") sent.push(url.searchParams.get("partNumber"));
    });
    await chooseInRow(clipPath("large"));
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

/** The file whose handle the picker gives. */
const KEPT = "kept.mp4";

/**
 * A picker that gives a handle of a file with 33 MiB. Handles of the browser's own folder are like those of its picker, which
 * Playwright cannot answer.
 */
async function giveHandles(page: Page): Promise<void> {
  await page.addInitScript((file) => {
    const folder = () => navigator.storage.getDirectory();
    const showOpenFilePicker = async () => {
      Object.assign(window, { hasPicked: true });
      return [await (await folder()).getFileHandle(file)];
    };
    Object.assign(window, { showOpenFilePicker });
  }, KEPT);
  await page.goto("/");
  await page.evaluate(async (file) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle(file, { create: true });
    const stream = await handle.createWritable();
    await stream.write(new Uint8Array(33 * 1024 ** 2));
    await stream.close();
  }, KEPT);
}

/** Chooses the file with its handle. */
async function chooseKept(page: Page): Promise<void> {
  // Until the engine's code is there, the button opens the picker without handles.
  await expect(async () => {
    await page.getByRole("button", { name: "Choose files" }).click();
    expect(await page.evaluate(() => "hasPicked" in window)).toBe(true);
  }).toPass();
}

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
  const release = await holdPart(page, 3);
  await chooseKept(page);
  await mostArrived(page);
  page.once("dialog", (dialog) => dialog.accept());
  await page.goto("/");
  await release();
  await row(page, KEPT).getByRole("button", { name: "Continue" }).click();
  await expect(fileRow(page, KEPT)).toHaveAttribute("data-status", "done", { timeout: 40_000 });
  await expect.poll(keptCount).toBe(0);
});

test("shows in one tab what another uploads, and continues it when that tab closes", async ({
  page,
  expected,
}) => {
  expected.messages.push(BLOCKED);
  await giveHandles(page);
  await holdPart(page, 3);
  await chooseKept(page);
  await mostArrived(page);

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
