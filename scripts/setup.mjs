/** Brings a machine to where everything runs. Each step looks first, so that doing nothing takes no time. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, main, projectEnv, projectNode, ROOT, Sentence, say } from "./machine.mjs";
import { step } from "./step.mjs";
import { damagedFiles, missingPackages, recordTree } from "./tree.mjs";

const STAMP = join(ROOT, "node_modules/.rushes-installed");

/** npm's packages, when the lock or a package.json changed, or when some of them are not there. */
export async function packages() {
  const hash = createHash("sha256").update(process.platform).update(process.arch);
  for (const file of ["package.json", "package-lock.json"]) {
    hash.update(readFileSync(join(ROOT, file)));
  }
  const wanted = hash.digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) {
    const missing = missingPackages();
    if (missing.length === 0) return;
    say(`${missing.length} packages are missing or damaged, ${missing[0]} among them.`);
  }
  await install();
  writeFileSync(STAMP, wanted);
}

/**
 * Installs the packages again if files of them are gone or were cut off, and resolves with true then: what
 * has failed is worth another try. False when they are as npm left them.
 */
export async function repair() {
  const damaged = damagedFiles();
  if (damaged.length === 0) return false;
  say(`${damaged.length} installed files are missing or damaged, ${damaged[0]} among them.`);
  rmSync(STAMP, { force: true });
  await packages();
  return true;
}

async function install() {
  const npm = npmCommand();
  const args = [
    ...npm.args,
    "ci",
    "--no-audit",
    "--no-fund",
    "--include=dev",
    "--include=optional",
    // Its warnings are about versions of Node that these packages do not run with: the project brings its own.
    "--loglevel=error",
  ];
  const of = { name: "packages", title: "Installing packages" };
  if ((await step(of, npm.program, args, { env: cleanEnv() })) !== 0) {
    throw new Sentence(
      "npm ci failed; its output above says why. Most often npm's registry cannot be reached, or the disk is full.",
    );
  }
  recordTree();
}

/** The npm that runs this script, if one does; its path is not always on the PATH of a script. */
function npmCommand() {
  const own = process.env.npm_execpath;
  // By npm's own Node: the one that runs this script may lie in the folder that npm is about to empty.
  const node = process.env.npm_node_execpath ?? process.execPath;
  if (own?.endsWith(".js") && existsSync(own)) return { program: node, args: [own] };
  const program = find("npm");
  if (!program) throw new Sentence("npm is not on the PATH; install it beside Node.");
  return { program, args: [] };
}

/** Without NODE_ENV=production and npm_config_omit, which would leave out what builds the web app. */
function cleanEnv() {
  const env = { ...process.env };
  for (const name of ["NODE_ENV", "npm_config_omit", "npm_config_production"]) delete env[name];
  return env;
}

/** A setting of ffmpeg may also stand in rushes.env, whose grammar packages/stack/settings/index.ts checks. */
function setting(name) {
  if (process.env[name]) return process.env[name];
  const file = join(ROOT, "rushes.env");
  if (!existsSync(file)) return undefined;
  const line = new RegExp(`^\\s*${name}\\s*=\\s*["']?(.*?)["']?\\s*$`, "m");
  return line.exec(readFileSync(file, "utf8"))?.[1] || undefined;
}

async function ffmpeg() {
  const named = setting("FFMPEG_PATH");
  if (named) {
    if (!find(named)) throw new Sentence(`FFMPEG_PATH is "${named}", which is no program.`);
    const probe = setting("FFPROBE_PATH") ?? join(dirname(named), "ffprobe");
    if (find(probe) ?? find("ffprobe")) return;
    throw new Sentence(`There is no ffprobe beside ${named}; name one in FFPROBE_PATH.`);
  }
  if (find("ffmpeg") && find("ffprobe")) return;
  const of = { name: "ffmpeg", title: "Installing ffmpeg" };
  if (await apt(of, ["ffmpeg"])) return;
  const brew = process.platform === "darwin" && find("brew");
  if (brew && (await step(of, brew, ["install", "ffmpeg"])) === 0) return;
  throw new Sentence(
    "ffmpeg is not here and could not be installed; install it by your system's package manager, or name one in FFMPEG_PATH.",
  );
}

/** Installs Debian packages as root or with sudo, as the step that `of` names; false where that cannot be. */
async function apt(of, names) {
  if (process.platform !== "linux" || !find("apt-get")) return false;
  const root = process.getuid?.() === 0;
  // -n: a password would be asked for on a terminal that may not be there.
  if (!root && (!find("sudo") || spawnSync("sudo", ["-n", "true"]).status !== 0)) return false;
  const [program, before] = root ? ["apt-get", []] : ["sudo", ["-n", "apt-get"]];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["-q", "-y", "--no-install-recommends", "install", ...names];
  const update = { name: "apt-update", title: "Asking for the system's packages" };
  // When it fails, the packages that are known may do.
  await step(update, program, [...before, "-q", "update"], { env });
  return (await step(of, program, [...before, ...install], { env })) === 0;
}

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * A Chromium for the browser tests: the one named by CHROMIUM_PATH, one that is installed, one from apt,
 * else Playwright's download. Resolves with its path, or undefined for Playwright's own.
 */
export async function chromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named && !find(named))
    throw new Sentence(`CHROMIUM_PATH is "${named}", which is no program.`);
  const installed = () =>
    named || BROWSERS.find((path) => find(path)) || find("chromium") || find("google-chrome");
  if (installed()) return installed();
  const of = { name: "chromium", title: "Installing Chromium" };
  if ((await apt(of, ["chromium"])) && installed()) return installed();
  const cli = join(ROOT, "node_modules/playwright/cli.js");
  const args = [cli, "install", "chromium"];
  const code = await step(of, projectNode(), args, { env: projectEnv() });
  if (code === 0) return undefined;
  throw new Sentence(
    "There is no Chromium for the browser tests and none could be installed; install one, or name it in CHROMIUM_PATH.",
  );
}

/** Everything that `npm start` needs but the built web app. */
export async function setup() {
  await packages();
  projectNode();
  await ffmpeg();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(setup);
