/**
 * `npm test`: sets up what the tests need, runs every check and every tier even if one fails, and ends with the line `N
 * passed, N failed`. Each check and each test counts as one. A skipped test counts as failed, as does a tier that fails
 * without naming a test. A test that passes on its second try counts as passed and is listed as flaky.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { checks as staticChecks } from "./check.mjs";
import { checkCalls, RECORD, types as unpackInfra } from "./infra.mjs";
import { main, projectEnv, projectNode, ROOT, run } from "./machine.mjs";
import { countPlaywright, countVitest, summarize } from "./report.mjs";
import { firefox, s3Tools, setup, testBrowser } from "./setup.mjs";

/** The folder for reports as JUnit XML. Without it, there are no reports. */
const REPORTS = process.env.RUSHES_REPORTS && join(ROOT, process.env.RUSHES_REPORTS);

/** A tier takes about five minutes on two idle cores, and a few times as long on a busy machine. */
const TIER_MS = 30 * 60_000;
const SOAK_ROUNDS = "3";
const VITEST = "node_modules/vitest/vitest.mjs";

const results = [];

function record(name, { passed, failed, flaky = [] }, since) {
  results.push({ name, passed, failed, flaky, seconds: (Date.now() - since) / 1000 });
}

/** A program that hangs is killed and fails. */
const ENDED = { timeout: TIER_MS, killSignal: "SIGKILL" };

/** Runs one program of the project. */
const program = (path, args, env) =>
  run(projectNode(), [join(ROOT, path), ...args], { env: { ...projectEnv(), ...env }, ...ENDED });

/** Runs a program while a tier writes to the terminal: prints its output when it has ended. */
async function aside(folder, { title, program, args }) {
  const file = join(folder, `${title.replaceAll(" ", "-")}.log`);
  const output = openSync(file, "w");
  try {
    const stdio = ["ignore", output, output];
    return await run(program, args, { env: projectEnv(), stdio, ...ENDED });
  } finally {
    closeSync(output);
    process.stdout.write(readFileSync(file));
  }
}

async function check(name, work) {
  const since = Date.now();
  const passed = await work().then(
    (code) => code === 0,
    (error) => {
      process.stderr.write(`${error.message}\n`);
      return false;
    },
  );
  process.stdout.write(`\n— ${name}: ${passed ? "passed" : "FAILED"}\n`);
  record(name, passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }, since);
  return passed;
}

/** Runs a tier. `count` returns the passed, failed and flaky tests of its report. */
async function tier(name, report, work, count) {
  process.stdout.write(`\n— ${name}\n`);
  const since = Date.now();
  let counted = { passed: 0, failed: 0, flaky: [] };
  const code = await work().catch(() => 1);
  try {
    counted = count(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    process.stderr.write("There is no report.\n");
  }
  if (counted.failed === 0 && (code !== 0 || counted.passed === 0)) counted.failed = 1;
  record(name, counted, since);
}

/** The report and the arguments of a tier of Vitest. */
function vitest(folder, project) {
  const report = join(folder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  if (REPORTS) {
    reporters.push("--reporter=junit", `--outputFile.junit=${join(REPORTS, `${project}.xml`)}`);
  }
  return { report, args: ["run", `--project=${project}`, ...reporters] };
}

/** Runs a tier of Vitest with more workers than cores, because tests often wait for other processes. */
function vitestTier(folder, project, env) {
  const { report, args } = vitest(folder, project);
  const work = () => program(VITEST, [...args, "--maxWorkers=3"], env);
  return tier(project, report, work, countVitest);
}

async function browserTests(folder, chromiumPath, firefoxPath) {
  const report = join(folder, "browser.json");
  const env = {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...(chromiumPath ? { CHROMIUM_PATH: chromiumPath } : {}),
    ...(firefoxPath ? { FIREFOX_PATH: firefoxPath } : {}),
  };
  if (REPORTS) env.PLAYWRIGHT_JUNIT_OUTPUT_NAME = join(REPORTS, "browser.xml");
  const args = ["test", `--reporter=list,json${REPORTS ? ",junit" : ""}`];
  const work = () => program("node_modules/playwright/cli.js", args, env);
  await tier("browser", report, work, countPlaywright);
}

/**
 * Runs one after the other what has no time limits, with the time that programs of normal priority leave: the flow
 * tier waits for a third of its time.
 */
async function checksAside(folder, unpacking) {
  const node = projectNode();
  const soak = [join(ROOT, "bench/soak.ts"), "--rounds", SOAK_ROUNDS];
  const checks = [
    ...staticChecks("built"),
    {
      title: "types of the AWS app",
      program: node,
      args: [join(ROOT, "scripts/infra.mjs"), "check"],
    },
    { title: `kill -9, ${SOAK_ROUNDS} rounds`, program: node, args: soak },
  ];
  await unpacking.catch(() => {});
  for (const one of checks) await check(one.title, () => aside(folder, niced(one)));
  const { report, args } = vitest(folder, "infra");
  const infra = {
    title: "infra",
    program: node,
    args: [join(ROOT, VITEST), ...args, "--maxWorkers=2"],
  };
  await tier(infra.title, report, () => aside(folder, niced(infra)), countVitest);
}

const niced = ({ title, program, args }) => ({
  title,
  program: "nice",
  args: ["-n", "15", program, ...args],
});

async function all(folder) {
  await setup();
  // The programs of the tests load the same modules hundreds of times.
  process.env.NODE_COMPILE_CACHE = join(tmpdir(), "rushes-compile-cache");
  // Started early, because they mostly wait for registries. What needs them waits for them.
  const unpacking = unpackInfra();
  const browser = testBrowser();
  // One after the other, because all install system packages.
  const tools = browser.catch(() => {}).then(s3Tools);
  const otherBrowser = tools.catch(() => {}).then(firefox);
  for (const started of [unpacking, browser, tools, otherBrowser]) started.catch(() => {});
  const calls = join(folder, "calls");
  mkdirSync(calls);
  const tests = async () => {
    await vitestTier(folder, "pure", {});
    await check("S3 tools", () => tools.then(() => 0));
    await vitestTier(folder, "flow", { [RECORD]: calls });
    await check("AWS calls that each function makes", () => checkCalls(calls));
  };
  const building = check("build of the web app", async () => {
    await build();
    return 0;
  });
  await Promise.all([tests(), building.then(() => checksAside(folder, unpacking))]);
  let firefoxPath;
  // Without Firefox, its tests fail, and all others run.
  await check("Firefox", async () => {
    firefoxPath = await otherBrowser;
    return 0;
  });
  // The browser tier comes last and alone, because its tests have time limits and use both cores.
  await browserTests(folder, await browser, firefoxPath);
}

main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "rushes-test-"));
  try {
    await all(folder);
  } catch (error) {
    process.stderr.write(`\n  ${error.message}\n`);
    record("set-up", { passed: 0, failed: 1 }, Date.now());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${summarize(results).join("\n")}\n`);
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
});
