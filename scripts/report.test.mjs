import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./machine.mjs";
import { countPlaywright, countVitest, summarize } from "./report.mjs";

const ERROR = "AssertionError: expected 1 to be 2\n    at a.flow.test.ts:4:48";

/** A report of one Vitest file with these tests. */
function vitest(tests, { status = "passed" } = {}) {
  const having = (wanted) => tests.filter((one) => one.status === wanted).length;
  const assertionResults = tests.map((one) => ({
    ...{ ancestorTitles: ["", "a group"], title: "works", failureMessages: [] },
    ...one,
  }));
  return {
    numPassedTests: having("passed"),
    numFailedTests: having("failed"),
    numPendingTests: having("pending"),
    numTodoTests: having("todo"),
    testResults: [{ name: join(ROOT, "packages/a.flow.test.ts"), status, assertionResults }],
  };
}

/** A report of Playwright with these tests, one group deep. */
function playwright(tests, errors = []) {
  const having = (wanted) => tests.filter((one) => one.status === wanted).length;
  const stats = Object.fromEntries(
    ["expected", "unexpected", "flaky", "skipped"].map((status) => [status, having(status)]),
  );
  const specs = tests.map((one) => ({ title: "plays", tests: [{ results: [{}], ...one }] }));
  const suites = [{ title: "2-journey.spec.ts", suites: [{ title: "a group", specs }] }];
  return { stats, suites, errors };
}

test("counts a Vitest test that passed on its second try as passed, and lists it with its first error", () => {
  const failureMessages = [ERROR, "a later error"];
  const report = vitest([{ status: "passed" }, { status: "passed", failureMessages }]);
  expect(countVitest(report)).toEqual({
    passed: 2,
    failed: 0,
    flaky: [
      {
        name: "packages/a.flow.test.ts > a group > works",
        error: "AssertionError: expected 1 to be 2",
      },
    ],
  });
});

test.each([
  ["failed twice", "failed"],
  ["was skipped", "pending"],
  ["is a todo", "todo"],
])("counts a Vitest test that %s as failed, and not as flaky", (_, status) => {
  const report = vitest([{ status: "passed" }, { status, failureMessages: [ERROR, ERROR] }]);
  expect(countVitest(report)).toEqual({ passed: 1, failed: 1, flaky: [] });
});

test("counts a Vitest file that could not be loaded as one failed test", () => {
  expect(countVitest(vitest([], { status: "failed" }))).toEqual({
    passed: 0,
    failed: 1,
    flaky: [],
  });
});

test("counts a Playwright test that passed on its second try as passed, and lists it with its first error", () => {
  const error = { message: "\u001b[31mError: it is not visible\u001b[39m\n\nCall log:" };
  const results = [{ status: "failed", error }, { status: "passed" }];
  const report = playwright([{ status: "expected" }, { status: "flaky", results }]);
  expect(countPlaywright(report)).toEqual({
    passed: 2,
    failed: 0,
    flaky: [{ name: "2-journey.spec.ts > a group > plays", error: "Error: it is not visible" }],
  });
});

test.each(["unexpected", "skipped"])("counts a Playwright test as failed if it is %s", (status) => {
  const report = playwright([{ status: "expected" }, { status }]);
  expect(countPlaywright(report)).toEqual({ passed: 1, failed: 1, flaky: [] });
});

test("counts an error outside of Playwright's tests as failed", () => {
  const report = playwright([{ status: "expected" }], [{ message: "Secrets are in the logs" }]);
  expect(countPlaywright(report)).toMatchObject({ passed: 1, failed: 1 });
});

test("ends with the flaky tests, their number, and the sums", () => {
  const flaky = [{ name: "a.flow.test.ts > works", error: "Error: it took too long" }];
  const lines = summarize([
    { name: "pure", passed: 3, failed: 0, flaky: [], seconds: 1.234 },
    { name: "flow", passed: 2, failed: 1, flaky, seconds: 60 },
  ]);
  expect(lines).toEqual([
    "",
    "  passed  pure: 3 passed, 0 failed (1.2 s)",
    "  failed  flow: 2 passed, 1 failed (60.0 s)",
    "",
    "flaky",
    "  a.flow.test.ts > works",
    "    Error: it took too long",
    "",
    "1 flaky",
    "5 passed, 1 failed",
  ]);
});

test("ends without a list if no test was flaky", () => {
  const lines = summarize([{ name: "pure", passed: 3, failed: 0, flaky: [], seconds: 1 }]);
  expect(lines.slice(-3)).toEqual(["", "0 flaky", "3 passed, 0 failed"]);
});
