import { accessible } from "./accessible.ts";
import { card, choose, expect, fileRow, fitsPhone, NAMES, test, upload } from "./person.ts";

test("shows that a file is truncated, and what to do", async ({ page }) => {
  const address = await upload(page, "broken");
  await expect(card(page, NAMES.broken)).toHaveAttribute("data-status", "rejected", {
    timeout: 30_000,
  });
  await page.goto(address);
  await expect(page.getByText("This file cannot be transcoded")).toBeVisible();
  await expect(page.getByText(/plays to the end/)).toBeVisible();
  await accessible(page, "the page of a rejected video");
  await fitsPhone(page, "the page of a rejected video");
});

test("rejects a file that is not a video, with the reason", async ({ page }) => {
  const address = await upload(page, "notes");
  await page.goto(address);
  await expect(page.getByText("This file cannot be transcoded")).toBeVisible({ timeout: 30_000 });
});

test("shows what files become, or why not, before any byte is sent", async ({ page }) => {
  await page.goto("/");
  // No upload begins.
  await page.route("**/api/uploads", () => {});
  await page.getByText("What Rushes makes of your videos").click();
  await page.getByRole("radio", { name: /^web/ }).check();
  await choose(page, "mp4", "mov", "notes", "broken");
  await expect(fileRow(page, NAMES.mp4)).toContainText("640×360, 4 s. Becomes 360p, 240p");
  await expect(fileRow(page, NAMES.mov)).toContainText("360×640, 4 s. Becomes 360p, 240p");
  await expect(fileRow(page, NAMES.notes)).toContainText("This is not a video file");
  await expect(fileRow(page, NAMES.broken)).toContainText("The end of this file is missing");
  await accessible(page, "the upload page with previews");
  await fitsPhone(page, "the upload page with previews");
  await page.getByRole("button", { name: "Cancel all" }).click();
  await expect(fileRow(page, NAMES.mp4)).toContainText("Canceled");
});

test("rejects impossible files at once, and uploads the others", async ({ page }) => {
  await page.goto("/");
  await choose(page, "empty", "tooLarge", "notes");
  await expect(fileRow(page, NAMES.empty)).toContainText("This file is empty");
  await expect(fileRow(page, NAMES.tooLarge)).toHaveAttribute("data-status", "failed");
  await expect(fileRow(page, NAMES.tooLarge)).toContainText("Export a smaller file");
  await expect(fileRow(page, NAMES.notes)).toHaveAttribute("data-status", "done");
  await accessible(page, "the upload page with rejected files");
  await fitsPhone(page, "the upload page with rejected files");
  await page.getByRole("link", { name: "Videos", exact: true }).click();
  const failed = page.getByRole("complementary", { name: "Failed uploads" });
  await expect(failed).toHaveText("2 files failed Show");
  await accessible(page, "another page with failed uploads");
  await failed.getByRole("link").click();
  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(page.getByRole("list", { name: "Files" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Choose files" })).toBeFocused();
});

test("uploads a file that is dropped anywhere on any page", async ({ page }) => {
  await page.goto("/jobs");
  // The code of the page enables it.
  await expect(page.getByLabel("Search videos")).toBeEnabled();
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["no video"], "dropped.mp4", { type: "video/mp4" }));
    return data;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await expect(page.getByText("Drop to upload")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await expect(page.getByText("Drop to upload")).toBeHidden();
  await expect(card(page, "dropped.mp4")).toHaveAttribute("data-status", "rejected", {
    timeout: 30_000,
  });
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await expect(fileRow(page, "dropped.mp4")).toHaveAttribute("data-status", "done");
});

test("uploads files that are pasted on any page, but leaves text to a text field", async ({
  page,
}) => {
  await page.goto("/jobs");
  await page.evaluate(() => document.body.prepend(document.createElement("textarea")));
  /** True if the page takes the paste. */
  const paste = (name: string, text?: string) =>
    page.evaluate(
      ([fileName, copied]) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(["no video"], fileName ?? "", { type: "video/mp4" }));
        if (copied) clipboardData.setData("text/plain", copied);
        const event = new ClipboardEvent("paste", {
          ...{ clipboardData, bubbles: true, cancelable: true },
        });
        return !(document.activeElement ?? document.body).dispatchEvent(event);
      },
      [name, text],
    );
  // True once the page has hydrated.
  await expect.poll(() => paste("with a name.mp4", "with a name.mp4")).toBe(true);
  await page.locator("textarea").focus();
  expect(await paste("not pasted.mp4", "not pasted.mp4")).toBe(false);
  expect(await paste("into a field.mp4")).toBe(true);
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  for (const name of ["into a field.mp4", "with a name.mp4"]) {
    await expect(fileRow(page, name)).toHaveAttribute("data-status", "done");
  }
  await expect(page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveCount(2);
});
