import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** The first that is installed. Chromium without windows takes a quarter less CPU time. */
const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
].find((path) => path && existsSync(path));

/**
 * The browser tier: the whole stack, as `npm start` starts it, in a real Chromium. A stack fills up as a
 * person's would, so its files are numbered and run one after the other; each project has a stack of its
 * own, and the projects run at the same time. Files that need no videos of others are distributed so that
 * the projects take equally long: tests often wait, so four projects keep two cores busy.
 */
export default defineConfig({
  testDir: "packages/web/e2e",
  globalSetup: "./packages/web/e2e/global-setup.ts",
  workers: 4,
  fullyParallel: false,
  forbidOnly: true,
  // `npm test` lists each test that needed its second try as flaky.
  retries: 1,
  // Long enough for a machine that does other things too.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  projects: [
    {
      name: "one user",
      testMatch: /(?:[136]-[^/]*|2-upload-[^/]*|7-ports|screenshot)\.spec\.ts$/,
      workers: 1,
    },
    {
      name: "another user",
      testMatch: /(?:4-[^/]*|7-keyboard|7-states)\.spec\.ts$/,
      workers: 1,
      use: { baseURL: process.env.RUSHES_E2E_OTHER_DASHBOARD },
    },
    {
      name: "player",
      testMatch: /(?:2-adaptive|2-player[^/]*|5-[^/]*)\.spec\.ts$/,
      workers: 1,
      use: { baseURL: process.env.RUSHES_E2E_PLAYER_DASHBOARD },
    },
    { name: "signed in", testMatch: /[89]-[^/]*\.spec\.ts$/, workers: 1 },
  ],
  use: {
    baseURL: process.env.RUSHES_E2E_DASHBOARD,
    browserName: "chromium",
    locale: "en",
    // Of the second try, because recording slows every test down. Without screenshots.
    trace: { mode: "on-first-retry", screenshots: false },
    launchOptions: {
      // If it is not installed, Playwright uses its own download.
      ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
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
