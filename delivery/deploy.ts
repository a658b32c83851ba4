/**
 * `npm run ci:deploy -- --stage STAGE`: deploys this commit with a clean environment and prints its URL.
 * RUSHES_SETTINGS has the stage's settings. CodePipeline and GitHub Actions both run it.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseSettings } from "./settings.ts";

const ROOT = join(import.meta.dirname, "..");

/** The variables of the machine that a deployment gets: paths, AWS credentials, version and boundary. */
const KEPT =
  /^(PATH|HOME|TMPDIR|LANG|CI|AWS_(REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CONTAINER_\w+|EXECUTION_ENV)|RUSHES_(PERMISSIONS_BOUNDARY|VERSION|COMMIT))$/;

/** The environment of a deployment: the variables in KEPT and the operator's settings, and nothing else. */
export function environment(
  machine: Record<string, string | undefined>,
  now: Date,
): NodeJS.ProcessEnv {
  return {
    NODE_ENV: "production",
    ...parseSettings(machine.RUSHES_SETTINGS ?? ""),
    ...Object.fromEntries(Object.entries(machine).filter(([name]) => KEPT.test(name))),
    RUSHES_TIME: now.toISOString(),
  };
}

async function deploy(stage: string): Promise<string> {
  const sst = join(ROOT, "node_modules/.bin/sst");
  const child = spawn(sst, ["deploy", "--stage", stage], {
    cwd: ROOT,
    env: environment(process.env, new Date()),
    // Standard output is only for the URL.
    stdio: ["ignore", process.stderr, process.stderr],
  });
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) => done(status ?? 1));
  });
  if (code !== 0) throw new Error(`sst deploy exited with ${code}.`);
  const outputs: unknown = JSON.parse(await readFile(join(ROOT, ".sst/outputs.json"), "utf8"));
  const url = typeof outputs === "object" && outputs !== null ? Reflect.get(outputs, "url") : "";
  if (typeof url !== "string" || url === "") throw new Error("The deployment has no URL.");
  return url;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { stage: { type: "string" } } });
  if (!values.stage) throw new Error("Name a stage: npm run ci:deploy -- --stage staging");
  process.stdout.write(`${await deploy(values.stage)}\n`);
}
