/**
 * `npm run ci:deploy -- --stage STAGE`: deploys this commit from a clean environment, and prints where it
 * is served. RUSHES_SETTINGS holds the stage's settings. Both ways of delivering on AWS call it.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseSettings } from "./settings.ts";

const ROOT = join(import.meta.dirname, "..");

/** What a deployment may see of the machine it runs on: where programs are, and who it is for AWS. */
const KEPT =
  /^(PATH|HOME|TMPDIR|LANG|CI|AWS_(REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CONTAINER_\w+|EXECUTION_ENV)|RUSHES_(PERMISSIONS_BOUNDARY|VERSION|COMMIT))$/;

/** The environment of a deployment: what is named and what the operator set, and nothing else. */
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
    // Standard output is for the address alone.
    stdio: ["ignore", process.stderr, process.stderr],
  });
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) => done(status ?? 1));
  });
  if (code !== 0) throw new Error(`sst deploy ended with ${code}.`);
  const outputs: unknown = JSON.parse(await readFile(join(ROOT, ".sst/outputs.json"), "utf8"));
  const url = typeof outputs === "object" && outputs !== null ? Reflect.get(outputs, "url") : "";
  if (typeof url !== "string" || url === "") throw new Error("The deployment has no address.");
  return url;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { stage: { type: "string" } } });
  if (!values.stage) throw new Error("Say which stage: npm run ci:deploy -- --stage staging");
  process.stdout.write(`${await deploy(values.stage)}\n`);
}
