/**
 * A step of the setup that takes a while: prints one line with the work and the time that it has taken. The program's
 * output goes to a log, whose end is printed if the step fails.
 */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { log, ROOT, run } from "./machine.mjs";

const LOGS = join(ROOT, ".setup");
/** The number of log lines that are printed if the step fails. */
const SHOWN_LINES = 40;

/** The titles of the running steps. A terminal shows them on one line with the seconds that have passed. */
const running = new Set();
let timer;

/** Prints the step's line. Call the result when the step ends. */
function progress(title) {
  const since = Date.now();
  const seconds = () => Math.round((Date.now() - since) / 1000);
  if (!process.stderr.isTTY) {
    log(`${title} …`);
    return () => {
      if (seconds() >= 2) log(`${title}: done in ${seconds()} s`);
    };
  }
  const step = { title, seconds };
  running.add(step);
  write();
  timer ??= setInterval(write, 1000);
  return () => {
    running.delete(step);
    process.stderr.write(`\r\u001b[K  ${line(step)}\n`);
    if (running.size > 0) return write();
    clearInterval(timer);
    timer = undefined;
  };
}

const line = ({ title, seconds }) => `${title} … ${seconds()} s`;
const write = () => process.stderr.write(`\r\u001b[K  ${[...running].map(line).join(", ")}`);

/** Runs a program as a step named `name`, and resolves with its exit code. If it fails, prints the end of its log. */
export async function step({ name, title }, program, args, options = {}) {
  mkdirSync(LOGS, { recursive: true });
  const path = join(LOGS, `${name}.log`);
  const output = openSync(path, "w");
  const end = progress(title);
  let code = 1;
  try {
    code = await run(program, args, { ...options, stdio: ["ignore", output, output] });
  } finally {
    closeSync(output);
    end();
  }
  if (code !== 0) {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    process.stderr.write(`${lines.slice(-SHOWN_LINES).join("\n")}\n`);
    log(`The whole output is in ${relative(process.cwd(), path) || path}.`);
  }
  return code;
}
