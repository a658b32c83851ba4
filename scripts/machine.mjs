/**
 * What the scripts need from the machine. Plain JavaScript without dependencies, because the scripts run on Node 20,
 * before anything is installed.
 */
import { spawn } from "node:child_process";
import { accessSync, existsSync, constants as files, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** An error that the user can correct. Its message is printed without a stack. */
export class CliError extends Error {}

/** Runs a script's main function. Prints an error and exits with 1; a CliError is printed without a stack. */
export function main(run) {
  run().catch((error) => {
    process.stderr.write(
      error instanceof CliError ? `\n  ${error.message}\n\n` : `\n${error.stack}\n\n`,
    );
    process.exitCode = 1;
  });
}

/** Prints progress. It goes to stderr, because stdout is for results, which a script may capture. */
export const log = (line) => process.stderr.write(`  ${line}\n`);

function executable(path) {
  try {
    accessSync(path, files.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The path of a program on the PATH, or undefined. */
export function find(program) {
  if (isAbsolute(program)) return executable(program) ? program : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => executable(path));
}

/** Runs a program with its output shown, and resolves with its exit code. */
export function run(program, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      ...options,
    });
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
}

/** Runs a TypeScript file of the project with the project's Node, and exits with its code. */
export async function runFile(file, args) {
  const child = spawn(projectNode(), [join(ROOT, file), ...args], {
    env: projectEnv(),
    stdio: "inherit",
  });
  // A terminal sends Ctrl-C to the command itself. Other signals arrive here and are passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.exitCode = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

const NODE = join(ROOT, "node_modules/.bin/node");
const OLDEST = [22, 12];
/** From this version on, Node strips types and has SQLite without flags. */
const READY = [22, 18];

function ownNodeIs([wantedMajor, wantedMinor]) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * The Node for the project: the version that package.json pins, or the one that runs this script if it is new enough.
 */
export function projectNode() {
  if (existsSync(NODE)) return NODE;
  if (ownNodeIs(OLDEST)) return process.execPath;
  throw new CliError(
    `There is no Node from npm for ${process.platform} ${process.arch}, and yours is ${process.versions.node}; install Node ${OLDEST.join(".")} or newer.`,
  );
}

/** The environment of the project's programs: their folder comes first on the PATH. */
export function projectEnv() {
  const env = {
    ...process.env,
    PATH: [join(ROOT, "node_modules/.bin"), process.env.PATH].filter(Boolean).join(delimiter),
  };
  if (!existsSync(NODE) && !ownNodeIs(READY)) {
    const flags =
      "--experimental-strip-types --experimental-sqlite --disable-warning=ExperimentalWarning";
    env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ""} ${flags}`.trim();
  }
  return env;
}
