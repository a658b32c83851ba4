import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/**
 * The browser tier: the whole home, as `npm start` starts it, in a real Chromium. One home serves all
 * files in turn and fills up as a person's would, which is why they are numbered and run one by one.
 */
export default defineConfig({
  testDir: "packages/web/e2e",
  testMatch: "*.spec.ts",
  globalSetup: "./packages/web/e2e/global-setup.ts",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.RUSHES_E2E_DASHBOARD,
    browserName: "chromium",
    locale: "en",
    trace: "retain-on-failure",
    launchOptions: {
      // Without one on the machine, Playwright's own download is used.
      ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
