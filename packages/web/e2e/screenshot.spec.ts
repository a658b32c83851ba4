import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isReady } from "./ladder.ts";
import { card, expect, test } from "./person.ts";

const TAKES = [
  { name: "Harbour, first light.mov", seed: 7, colors: "0x1b2a41:0xf2a65a:0xe8d5b7:0x43617f" },
  { name: "Interview Okafor.mp4", seed: 21, colors: "0x2b2118:0xb5651d:0xf6e5d6:0x5b3a29" },
  { name: "Night market.mp4", seed: 4, colors: "0x12071f:0xa3430f:0xf4c95d:0x3d1d52" },
  { name: "Ridge, drone 2.mp4", seed: 63, colors: "0x20301f:0x8fae7b:0xe9e4cf:0x47635a" },
  { name: "Workshop b-roll.mov", seed: 12, colors: "0x241f1c:0x7a6a58:0xd8c3a5:0x8e4a2b" },
  { name: "Closing scene, take 3.mp4", seed: 30, colors: "0x0e1a26:0x35586c:0xd9a066:0x1b3a4b" },
];
const size = { width: 1280, height: 720 };

async function shoot(folder: string, take: (typeof TAKES)[number], seconds: number) {
  const colors = take.colors.split(":").map((color, index) => `c${index}=${color}`);
  const picture = `gradients=size=${size.width}x${size.height}:rate=30:duration=${seconds}:speed=0.02:nb_colors=4:type=radial:seed=${take.seed}:${colors.join(":")}`;
  const path = join(folder, take.name);
  await promisify(execFile)(process.env.FFMPEG_PATH ?? "ffmpeg", [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", picture],
    ...["-f", "lavfi", "-i", `sine=duration=${seconds}`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ...["-movflags", "+faststart", path],
  ]);
  return path;
}

/** The screenshots in the README. `RUSHES_E2E_SCREENSHOT=1 npx playwright test screenshot` updates them. */
if (process.env.RUSHES_E2E_SCREENSHOT) {
  test("takes a screenshot of the dashboard", async ({ page }) => {
    test.setTimeout(400_000);
    const folder = await mkdtemp(join(tmpdir(), "rushes-takes-"));
    const last = TAKES.at(-1);
    const paths: string[] = [];
    for (const take of TAKES) paths.push(await shoot(folder, take, take === last ? 40 : 3));
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto("/");
    const input = page.getByLabel("Files to upload");
    await input.setInputFiles(paths.slice(0, -1));
    for (const take of TAKES.slice(0, -1)) {
      await expect(card(page, take.name)).toHaveAttribute("data-status", "complete", {
        timeout: 120_000,
      });
    }
    await page.reload();
    await input.setInputFiles(paths.slice(-1));
    await page.getByRole("link", { name: "Videos", exact: true }).click();
    const encoding = page.getByRole("progressbar", { name: `Progress of ${last?.name}` });
    await expect
      .poll(async () => Number(await encoding.getAttribute("value")), { timeout: 120_000 })
      .toBeGreaterThan(10);
    await page.screenshot({ path: "docs/screenshot.png" });
    await rm(folder, { recursive: true, force: true });
  });

  test("takes a screenshot of the player", async ({ page }) => {
    test.setTimeout(400_000);
    const folder = await mkdtemp(join(tmpdir(), "rushes-takes-"));
    const [take] = TAKES;
    if (!take) throw new Error("There is no take.");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto("/");
    await page.getByText("What Rushes makes of your videos").click();
    await page.getByRole("radio", { name: /^web/ }).check();
    await page.getByLabel("Files to upload").setInputFiles(await shoot(folder, take, 20));
    await expect(card(page, take.name)).toHaveAttribute("data-status", "complete", {
      timeout: 240_000,
    });
    await page.goto("/jobs");
    await page.getByRole("link", { name: take.name }).first().click();
    await isReady(page);
    await page.keyboard.press("3");
    const range = page.locator("media-time-range");
    const picture = page.locator("media-preview-thumbnail[slot=preview] img");
    await expect(async () => {
      // Again and again: the seek bar has pictures once the storyboard has loaded.
      for (const x of [329, 330]) await range.hover({ position: { x, y: 8 } });
      const width = await picture.evaluate((image: HTMLImageElement) => image.naturalWidth);
      expect(width).toBeGreaterThan(1);
    }).toPass();
    // The picture is scaled and painted after it has loaded.
    await picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    await range.hover({ position: { x: 332, y: 8 } });
    await expect(page.locator("media-preview-thumbnail[slot=preview]")).toHaveCSS("opacity", "1");
    await page.screenshot({ path: "docs/player.png", animations: "disabled" });
    await rm(folder, { recursive: true, force: true });
  });
}
