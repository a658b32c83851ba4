/**
 * Builds the site's Lambda function offline, as `sst deploy` does, and fails if it is too large or does not start.
 * OpenNext has its own lockfile, infra/open-next, because only a deployment needs it.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { deflateRawSync } from "node:zlib";
import { build } from "./build.mjs";
import { CliError, log, projectEnv, projectNode, ROOT, run } from "./machine.mjs";

const WEB = join(ROOT, "packages/web");
const MANIFEST = join(ROOT, "infra/open-next");
const INSTALLED = join(ROOT, ".sst/open-next");
const SERVER = join(WEB, ".open-next/server-functions/default");
const MAX_BYTES = 5_500_000;

/** Installs OpenNext if it differs from its lockfile. The only step that needs npm's registry. */
async function openNext() {
  const lock = "package-lock.json";
  const installed = join(INSTALLED, "node_modules/@opennextjs/aws/dist/index.js");
  const same = (name) =>
    existsSync(join(INSTALLED, name)) &&
    readFileSync(join(INSTALLED, name), "utf8") === readFileSync(join(MANIFEST, name), "utf8");
  if (same(lock) && existsSync(installed)) return installed;
  log("Installing OpenNext …");
  mkdirSync(INSTALLED, { recursive: true });
  for (const name of ["package.json", lock]) {
    copyFileSync(join(MANIFEST, name), join(INSTALLED, name));
  }
  // Next itself comes from the project.
  const args = ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  if ((await run("npm", args, { cwd: INSTALLED, env: projectEnv() })) !== 0) {
    throw new CliError(
      "OpenNext could not be installed. Check that npm's registry can be reached.",
    );
  }
  return installed;
}

/** The size of a folder as SST zips it, in bytes: every file with its two headers. */
function zipped(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const size = (path) =>
    deflateRawSync(readFileSync(path)).length + 76 + 2 * relative(folder, path).length;
  return files.reduce((sum, path) => sum + size(path), 22);
}

/** Builds, measures and starts the function. Resolves with 0 or 1. */
export async function site() {
  const program = await openNext();
  await build();
  const env = { ...projectEnv(), NODE_ENV: "production", RUSHES_WEB_IS_BUILT: "1" };
  if ((await run(projectNode(), [program, "build"], { cwd: WEB, env })) !== 0) {
    throw new CliError(
      "OpenNext could not build the functions of the web app. See the output above.",
    );
  }
  const bytes = zipped(SERVER);
  const size = `The site's function is ${(bytes / 1e6).toFixed(2)} MB as zipped`;
  if (bytes > MAX_BYTES) throw new CliError(`${size}; the limit is ${MAX_BYTES / 1e6} MB.`);
  // It logs that its links are missing, which is expected here.
  const options = { env: { PATH: process.env.PATH }, stdio: "ignore" };
  if ((await run(projectNode(), [join(MANIFEST, "start.mjs"), SERVER], options)) !== 0) {
    throw new CliError(
      "The site's function does not start. Run infra/open-next/start.mjs to see why.",
    );
  }
  log(`${size}, and starts.`);
  return 0;
}
