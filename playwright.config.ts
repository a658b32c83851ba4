import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

/** The first that is installed. If none is, Playwright uses its own download. */
const installed = (...paths: (string | undefined)[]) =>
  paths.find((path) => path && existsSync(path));

/** Chromium without windows takes a quarter less CPU time. */
const CHROMIUM = installed(
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
);
const FIREFOX = installed(process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox");
if (FIREFOX) process.env.FIREFOX_PATH = FIREFOX;

/** For a Firefox that is not Playwright's own build. */
const FIREFOX_PROXY = {
  channel: "moz-firefox",
  launchOptions: {
    executablePath: fileURLToPath(new URL("packages/web/e2e/firefox-proxy.ts", import.meta.url)),
    firefoxUserPrefs: {
      // Playwright cannot emulate these there: light colors and reduced motion.
      "layout.css.prefers-color-scheme.content-override": 1,
      "ui.prefersReducedMotion": 1,
      // axe reads `ariaLabelledByElements`, which crashes the tab of Firefox 153.
      "accessibility.ARIAElementReflection.enabled": false,
    },
  },
};

const IN_FIREFOX = {
  browserName: "firefox" as const,
  ...(FIREFOX ? FIREFOX_PROXY : { launchOptions: {} }),
};

/**
 * The browser tier: the whole stack, as `npm start` starts it, in a real Chromium, and the tests with the
 * tag `@firefox` in Firefox, too. A stack fills up as a person's would, so its files are numbered and run
 * one after the other; each project has a stack of its own, and the projects run at the same time. Files
 * that need no videos of others are distributed so that the projects in Chromium take equally long: tests often wait, so
 * five projects keep two cores busy.
 */
export default defineConfig({
  testDir: "packages/web/e2e",
  globalSetup: "./packages/web/e2e/global-setup.ts",
  workers: 5,
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
    {
      name: "Firefox",
      testMatch: /[246]-[^/]*\.spec\.ts$/,
      grep: /@firefox/,
      workers: 1,
      use: { ...IN_FIREFOX, baseURL: process.env.RUSHES_E2E_FIREFOX_DASHBOARD },
    },
  ],
  use: {
    baseURL: process.env.RUSHES_E2E_DASHBOARD,
    browserName: "chromium",
    locale: "en",
    // Of the second try, because recording slows every test down. Without screenshots.
    trace: { mode: "on-first-retry", screenshots: false },
    launchOptions: {
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
