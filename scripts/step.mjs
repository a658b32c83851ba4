/**
 * A step of the set-up that takes longer than a moment: one line that says what is done and for how long.
 * What the program prints goes to a log, and is shown when it fails: nobody can act on the rest.
 */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, run, say } from "./machine.mjs";

const LOGS = join(ROOT, ".setup");
/** The lines of a log that are shown when its step fails. */
const SHOWN_LINES = 40;

/** Shows the step's line, on a terminal with the seconds that have passed. The result ends it. */
function progress(title) {
  const since = Date.now();
  const seconds = () => Math.round((Date.now() - since) / 1000);
  if (!process.stderr.isTTY) {
    say(`${title} …`);
    return () => {
      if (seconds() >= 2) say(`${title}: done in ${seconds()} s`);
    };
  }
  const write = () => process.stderr.write(`\r\u001b[K  ${title} … ${seconds()} s`);
  write();
  const timer = setInterval(write, 1000);
  return () => {
    clearInterval(timer);
    process.stderr.write(`\r\u001b[K  ${title} … ${seconds()} s\n`);
  };
}

/**
 * Runs a program as a step named `name` and resolves with its exit code. When it fails, the end of its
 * output is shown with the path of the whole log.
 */
export async function step({ name, title }, program, args, options = {}) {
  mkdirSync(LOGS, { recursive: true });
  const path = join(LOGS, `${name}.log`);
  const log = openSync(path, "w");
  const end = progress(title);
  let code = 1;
  try {
    code = await run(program, args, { ...options, stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
    end();
  }
  if (code !== 0) {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    process.stderr.write(`${lines.slice(-SHOWN_LINES).join("\n")}\n`);
    say(`The whole output is in ${relative(process.cwd(), path) || path}.`);
  }
  return code;
}
