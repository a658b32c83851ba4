/** Installs what Rushes needs. Each step checks first whether there is anything to do. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError, find, log, main, projectEnv, projectNode, ROOT } from "./machine.mjs";
import { step } from "./step.mjs";
import { damagedFiles, missingPackages, recordTree } from "./tree.mjs";

const STAMP = join(ROOT, "node_modules/.rushes-installed");

/** Installs npm's packages if package.json or the lockfile has changed, or if packages are missing. */
export async function packages() {
  const hash = createHash("sha256").update(process.platform).update(process.arch);
  for (const file of ["package.json", "package-lock.json"]) {
    hash.update(readFileSync(join(ROOT, file)));
  }
  const wanted = hash.digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) {
    const missing = missingPackages();
    if (missing.length === 0) return;
    log(`${missing.length} packages are missing or damaged, for example ${missing[0]}.`);
  }
  await install();
  writeFileSync(STAMP, wanted);
}

/**
 * Reinstalls the packages if files of them are missing or truncated. Resolves with true if it did: then retry what
 * failed.
 */
export async function repair() {
  const damaged = damagedFiles();
  if (damaged.length === 0) return false;
  log(`${damaged.length} installed files are missing or damaged, for example ${damaged[0]}.`);
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
    // Its warnings concern the Node version, but the project uses its own.
    "--loglevel=error",
  ];
  const task = { name: "packages", title: "Installing packages" };
  if ((await step(task, npm.program, args, { env: cleanEnv() })) !== 0) {
    throw new CliError(
      "npm ci failed. See the output above. Usually npm's registry cannot be reached, or the disk is full.",
    );
  }
  recordTree();
}

/** The npm that runs this script, if one does, because it is not always on the PATH of a script. */
function npmCommand() {
  const npm = process.env.npm_execpath;
  // Uses npm's own Node, because the one that runs this script may be in the folder that npm deletes.
  const node = process.env.npm_node_execpath ?? process.execPath;
  if (npm?.endsWith(".js") && existsSync(npm)) return { program: node, args: [npm] };
  const program = find("npm");
  if (!program) throw new CliError("npm is not on the PATH. Install it with Node.");
  return { program, args: [] };
}

/** Without NODE_ENV=production and npm_config_omit, with which npm would omit packages that the build needs. */
function cleanEnv() {
  const env = { ...process.env };
  for (const name of ["NODE_ENV", "npm_config_omit", "npm_config_production"]) delete env[name];
  return env;
}

/** A setting from the environment or rushes.env, whose grammar packages/stack/settings/file.ts checks. */
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
    if (!find(named)) throw new CliError(`FFMPEG_PATH is "${named}", which is not a program.`);
    const probe = setting("FFPROBE_PATH") ?? join(dirname(named), "ffprobe");
    if (find(probe) ?? find("ffprobe")) return;
    throw new CliError(`There is no ffprobe beside ${named}. Set FFPROBE_PATH to one.`);
  }
  if (find("ffmpeg") && find("ffprobe")) return;
  const task = { name: "ffmpeg", title: "Installing ffmpeg" };
  if (await apt(task, ["ffmpeg"])) return;
  const brew = process.platform === "darwin" && find("brew");
  if (brew && (await step(task, brew, ["install", "ffmpeg"])) === 0) return;
  throw new CliError(
    "ffmpeg is missing and could not be installed. Install it with your package manager, or set FFMPEG_PATH to it.",
  );
}

/** Installs Debian packages as root or with sudo. Resolves with false if that is not possible. */
async function apt(task, names) {
  if (process.platform !== "linux" || !find("apt-get")) return false;
  const root = process.getuid?.() === 0;
  // -n: without it, sudo could ask for a password on a terminal that does not exist.
  if (!root && (!find("sudo") || spawnSync("sudo", ["-n", "true"]).status !== 0)) return false;
  const [program, before] = root ? ["apt-get", []] : ["sudo", ["-n", "apt-get"]];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["-q", "-y", "--no-install-recommends", "install", ...names];
  const update = { name: "apt-update", title: "Updating the list of system packages" };
  // If it fails, the current list may suffice.
  await step(update, program, [...before, "-q", "update"], { env });
  return (await step(task, program, [...before, ...install], { env })) === 0;
}

/** Chromium without windows: it takes a quarter less CPU time. */
const SHELL = "chromium-headless-shell";

const BROWSERS = {
  chromium: {
    title: "Chromium",
    variable: "CHROMIUM_PATH",
    debian: "chromium",
    programs: [
      SHELL,
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome-stable",
      "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "chromium",
      "google-chrome",
    ],
  },
  firefox: {
    title: "Firefox",
    variable: "FIREFOX_PATH",
    debian: "firefox-esr",
    programs: ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
  },
};

/** As `chromium`, but installs the variant without windows if there is a package of it. */
export async function testBrowser() {
  if (!process.env.CHROMIUM_PATH && !find(SHELL)) {
    await apt({ name: SHELL, title: "Installing Chromium for tests" }, [SHELL]);
  }
  return chromium();
}

export const chromium = () => browser("chromium");
export const firefox = () => browser("firefox");

/**
 * Finds or installs a browser: from its variable, the system, apt, or Playwright's download. Resolves with its path, or
 * undefined for Playwright's own.
 */
async function browser(name) {
  const { title, variable, debian, programs } = BROWSERS[name];
  const named = process.env[variable];
  if (named && !find(named))
    throw new CliError(`${variable} is "${named}", which is not a program.`);
  const installed = () => named || programs.map(find).find(Boolean);
  if (installed()) return installed();
  const task = { name, title: `Installing ${title}` };
  if ((await apt(task, [debian])) && installed()) return installed();
  const args = [join(ROOT, "node_modules/playwright/cli.js"), "install", name];
  const code = await step(task, projectNode(), args, { env: projectEnv() });
  if (code === 0) return undefined;
  throw new CliError(
    `There is no ${title} for the browser tests, and none could be installed. Install one, or set ${variable} to it.`,
  );
}

/** Installs everything that `npm start` needs, except for the built web app. */
export async function setup() {
  // At the same time: one waits for npm's registry and the other for Debian's. The program must not end while one runs.
  const steps = await Promise.allSettled([packages(), ffmpeg()]);
  for (const { reason } of steps) if (reason) throw reason;
  projectNode();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(setup);

/** The tools that the tests run against the local S3, by the Debian package that has each. */
const S3_TOOLS = { awscli: "aws", rclone: "rclone", s3cmd: "s3cmd", "python3-boto3": undefined };

/** Finds or installs the programs and the library that people bring footage with. */
export async function s3Tools() {
  const hasBoto = () => spawnSync("/usr/bin/python3", ["-c", "import boto3"]).status === 0;
  const missing = () =>
    Object.entries(S3_TOOLS)
      .filter(([, program]) => (program ? !find(program) : !hasBoto()))
      .map(([name]) => name);
  const names = missing();
  if (names.length === 0) return;
  const task = { name: "s3-tools", title: "Installing S3 tools for the tests" };
  if ((await apt(task, names)) && missing().length === 0) return;
  throw new CliError(
    `The tests run S3 tools, and some could not be installed: ${names.join(", ")}. Install them with your package manager.`,
  );
}
