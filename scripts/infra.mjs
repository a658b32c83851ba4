/**
 * The AWS app's own checks, without AWS: `infra.mjs types` unpacks SST's platform, `check` type-checks
 * sst.config.ts and infra/, `test` evaluates the stages and looks at them, `mutate` plants mistakes and
 * shows that each is caught, `models` extracts again what AWS says of the calls that we make.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { main, projectEnv, projectNode, ROOT, run, Sentence, say } from "./machine.mjs";
import { setup } from "./setup.mjs";

const PLATFORM = join(ROOT, ".sst/platform");
const bin = (name) => join(ROOT, "node_modules", name);
const program = (path, args) => run(projectNode(), [path, ...args], { env: projectEnv() });

/** Unpacks the platform's types and components when they are not there in the version that is pinned. */
export async function types() {
  const { version } = JSON.parse(readFileSync(bin("sst/package.json"), "utf8"));
  const stamp = join(PLATFORM, "version");
  const found = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : "";
  if (found === version && existsSync(join(PLATFORM, "node_modules/@pulumi/aws"))) return;
  say("Unpacking SST's components …");
  const env = {
    ...projectEnv(),
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_TELEMETRY_DISABLED: "1",
    NO_BUN: "1",
    // Its own configuration stays out of the home folder.
    XDG_CONFIG_HOME: join(ROOT, ".sst/config"),
  };
  const args = ["install", "--stage", "types"];
  const code = await run(bin(".bin/sst"), args, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (code !== 0) {
    throw new Sentence(
      "SST's components could not be unpacked; check that npm's registry can be reached.",
    );
  }
}

/** Type-checks infra/; SST's own sources come along and may not meet our settings. Resolves with 0 or 1. */
export async function check() {
  await types();
  const args = [bin("typescript/bin/tsc"), "-p", "infra", "--pretty", "false"];
  const { stdout, status } = spawnSync(projectNode(), args, {
    cwd: ROOT,
    env: projectEnv(),
    encoding: "utf8",
  });
  const ours = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(".sst/"));
  for (const line of ours) process.stdout.write(`${line}\n`);
  return ours.length > 0 || status === null ? 1 : 0;
}

async function command(what) {
  switch (what) {
    case "types":
      await types();
      return 0;
    case "check":
      return check();
    case "test":
      await types();
      return program(bin("vitest/vitest.mjs"), ["run", "--project", "infra"]);
    case "mutate":
      await types();
      return program(join(ROOT, "infra/testing/mutate.ts"), process.argv.slice(3));
    case "models":
      return program(join(ROOT, "infra/testing/calls/models.ts"), []);
    default:
      throw new Sentence("Say what to do: types, check, test, mutate or models.");
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    await setup();
    process.exitCode = await command(process.argv[2]);
  });
}
