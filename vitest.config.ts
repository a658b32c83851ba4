import { defineConfig } from "vitest/config";
import { roles } from "./infra/testing/calls/roles.ts";

/**
 * Three of the four tiers of tests. `pure` touches no process and no port; `infra` evaluates the AWS app
 * offline; `flow` runs the real stand-ins. The fourth, the browser, is Playwright's (playwright.config.ts).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["packages/**/*.test.{ts,tsx}", "ci/**/*.test.ts"],
          exclude: ["**/*.flow.test.ts", "**/node_modules/**", "**/.next/**"],
          // Property tests are quick, but not on a machine that does other things too.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "infra",
          include: ["infra/**/*.test.ts"],
        },
      },
      {
        plugins: [roles()],
        test: {
          name: "flow",
          setupFiles: ["infra/testing/calls/setup.ts"],
          include: ["packages/**/*.flow.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
