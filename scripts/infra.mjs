/**
 * Checks of the AWS configuration, without AWS. `infra.mjs check` type-checks sst.config.ts and infra/, `test`
 * evaluates the stages and checks them against rules, `mutate` plants mistakes and shows that the rules catch each of
 * them, and `build` builds the site's function.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError, log, main, projectEnv, projectNode, ROOT, run } from "./machine.mjs";
import { setup } from "./setup.mjs";
import { site } from "./site.mjs";

const PLATFORM = join(ROOT, ".sst/platform");
const bin = (name) => join(ROOT, "node_modules", name);
const program = (path, args, env) =>
  run(projectNode(), [path, ...args], { env: { ...projectEnv(), ...env } });
/** The variable with the folder in which the flow tier records its AWS calls; see infra/testing/calls. */
export const RECORD = "RUSHES_RECORD_CALLS";

/** Unpacks the types and components of SST's pinned version, if they are not there. */
export async function types() {
  const { version } = JSON.parse(readFileSync(bin("sst/package.json"), "utf8"));
  const stamp = join(PLATFORM, "version");
  const found = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : "";
  if (found === version && existsSync(join(PLATFORM, "node_modules/@pulumi/aws"))) return;
  log("Unpacking SST's components …");
  const env = {
    ...projectEnv(),
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_TELEMETRY_DISABLED: "1",
    NO_BUN: "1",
    // Keeps its configuration out of the user's home folder.
    XDG_CONFIG_HOME: join(ROOT, ".sst/config"),
  };
  const args = ["install", "--stage", "types"];
  const code = await run(bin(".bin/sst"), args, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (code !== 0) {
    throw new CliError(
      "SST's components could not be unpacked; check that npm's registry can be reached.",
    );
  }
}

/**
 * Type-checks infra/. This includes SST's sources, which may not satisfy the project's settings. Resolves with 0 or 1.
 */
async function check() {
  await types();
  const args = [bin("typescript/bin/tsc"), "-p", "infra", "--pretty", "false"];
  const { stdout, status } = spawnSync(projectNode(), args, {
    cwd: ROOT,
    env: projectEnv(),
    encoding: "utf8",
  });
  const errors = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(".sst/"));
  for (const line of errors) process.stdout.write(`${line}\n`);
  return errors.length > 0 || status === null ? 1 : 0;
}

/** Compares the records of a whole flow tier run with infra/calls.json. Resolves with 0 or 1. */
export const checkCalls = (folder) =>
  program(join(ROOT, "infra/testing/calls/record.ts"), ["check", folder]);

/** Runs the flow tier, and rewrites infra/calls.json if all of it passes. Resolves with an exit code. */
export async function recordCalls() {
  const folder = mkdtempSync(join(tmpdir(), "rushes-calls-"));
  try {
    const args = ["run", "--project", "flow"];
    const code = await program(bin("vitest/vitest.mjs"), args, { [RECORD]: folder });
    if (code !== 0) throw new CliError("The list is unchanged, because the flow tier failed.");
    return await program(join(ROOT, "infra/testing/calls/record.ts"), ["write", folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Extracts AWS's service models. Resolves with an exit code. */
export const models = () => program(join(ROOT, "infra/testing/calls/models.ts"), []);

async function command(what) {
  switch (what) {
    case "check":
      return check();
    case "test":
      await types();
      return program(bin("vitest/vitest.mjs"), [
        "run",
        "--project",
        "infra",
        ...process.argv.slice(3),
      ]);
    case "mutate":
      await types();
      return program(join(ROOT, "delivery/codepipeline/mutate.ts"), process.argv.slice(3));
    case "build":
      return site();
    default:
      throw new CliError("Usage: infra.mjs check|test|mutate|build");
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    await setup();
    process.exitCode = await command(process.argv[2]);
  });
}
