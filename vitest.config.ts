import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { roles } from "./infra/testing/calls/roles.ts";

/** Files that take longest: one that begins last would run alone while other workers have nothing left. */
const LONG =
  /(infra\/(app|bundles)|codepipeline\/pipeline)\.test|(mediaconvert\/\w+|source\/(sources|names|replaced)|pipeline\/(pipeline|order|check|invocations)|api\/access|s3\/tools|level\/level|cli\/rushes)\.flow/;

/**
 * Tests that start processes have a second try. `npm test` lists each one that needed it as flaky. Pure tests have none:
 * their result depends on nothing but the code.
 */
const RETRY = 1;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Three of the four tiers of tests. `pure` touches no process and no port; `infra` evaluates the AWS app
 * offline; `flow` runs the local services. The fourth, the browser, is Playwright's (playwright.config.ts).
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: "pure",
          // Such tests leave nothing behind, and loading their modules once takes a third of the time.
          isolate: false,
          setupFiles: ["packages/testing/links.ts"],
          include: ["{packages,delivery,scripts}/**/*.test.{ts,tsx,mjs}"],
          exclude: [
            "**/*.flow.test.ts",
            "delivery/codepipeline/**",
            "**/node_modules/**",
            "**/.next/**",
          ],
          // Property tests are quick, but not on a machine that does other things too.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "infra",
          retry: RETRY,
          include: ["infra/**/*.test.ts", "delivery/codepipeline/**/*.test.ts"],
        },
      },
      {
        plugins: [roles()],
        test: {
          name: "flow",
          retry: RETRY,
          // Starting a process and loading the AWS SDK takes about 1.4 s of CPU time. fresh.ts keeps the files apart.
          isolate: false,
          // It keeps the links that are in the environment when it is loaded, so each file loads it again.
          server: { deps: { inline: ["sst"] } },
          setupFiles: ["packages/testing/fresh.ts", "infra/testing/calls/setup.ts"],
          include: ["packages/**/*.flow.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**"],
          // Long enough for a machine that does other things too.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
