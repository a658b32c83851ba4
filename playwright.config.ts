import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/**
 * The browser tier: the whole home, as `npm start` starts it, in a real Chromium. A home fills up as a
 * person's would, which is why the files are numbered and those of one home run one by one; the homes that
 * ask for a sign-in are others, and run beside it.
 */
export default defineConfig({
  testDir: "packages/web/e2e",
  globalSetup: "./packages/web/e2e/global-setup.ts",
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  projects: [
    { name: "one user", testMatch: /(?:[1-7]-[^/]*|screenshot)\.spec\.ts$/, workers: 1 },
    { name: "signed in", testMatch: /[89]-[^/]*\.spec\.ts$/, workers: 1 },
  ],
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
