/** Counts the tests in the reports of Vitest and Playwright, and lists the flaky ones: those that passed on their second try. */
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "./machine.mjs";

/** The first line of an error. */
const firstLine = (error = "") => stripVTControlCharacters(error).trim().split("\n")[0] ?? "";

/**
 * Counts a JSON report of Vitest. A skipped test counts as failed. A file that could not be loaded reports no tests and
 * counts as one failed test.
 */
export function countVitest(report) {
  const isUnloaded = ({ status, assertionResults }) =>
    status === "failed" && assertionResults.length === 0;
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.numPendingTests +
      report.numTodoTests +
      report.testResults.filter(isUnloaded).length,
    flaky: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        // A passed test keeps the errors of its first try.
        .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
        .map(({ ancestorTitles, title, failureMessages }) => ({
          name: [relative(ROOT, name), ...ancestorTitles.filter(Boolean), title].join(" > "),
          error: firstLine(failureMessages[0]),
        })),
    ),
  };
}

/** Counts a JSON report of Playwright. A skipped test, and an error outside of the tests, counts as failed. */
export function countPlaywright({ stats, suites, errors = [] }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + stats.skipped + errors.length,
    flaky: suites.flatMap((suite) => flakyIn(suite, [])),
  };
}

function flakyIn({ title, suites = [], specs = [] }, parents) {
  const path = [...parents, title];
  const own = specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === "flaky")
      .map(({ results }) => ({
        name: [...path, spec.title].join(" > "),
        error: firstLine(results.find(({ error }) => error)?.error.message),
      })),
  );
  return [...own, ...suites.flatMap((suite) => flakyIn(suite, path))];
}

/**
 * The end of `npm test`: one line for each check and tier, the flaky tests, and the sums. The last line is always
 * `N passed, N failed`; a flaky test counts as passed.
 */
export function summarize(results) {
  const lines = results.map(
    ({ name, passed, failed, seconds }) =>
      `  ${failed > 0 ? "failed" : "passed"}  ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`,
  );
  const flaky = results.flatMap((result) => result.flaky);
  const listed = flaky.flatMap(({ name, error }) => [`  ${name}`, `    ${error}`]);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return [
    "",
    ...lines,
    "",
    ...(flaky.length > 0 ? ["flaky", ...listed, ""] : []),
    `${flaky.length} flaky`,
    `${sum("passed")} passed, ${sum("failed")} failed`,
  ];
}
