import { defineConfig } from "vitest/config";

/**
 * Two of the three tiers of tests. `pure` touches no process and no port; `flow` runs the real
 * stand-ins. The third tier, the browser, is Playwright's (playwright.config.ts).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["packages/**/*.test.{ts,tsx}"],
          exclude: ["**/*.flow.test.ts", "**/node_modules/**", "**/.next/**"],
        },
      },
      {
        test: {
          name: "flow",
          include: ["packages/**/*.flow.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
