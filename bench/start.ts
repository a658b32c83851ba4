/**
 * How long `npm start` takes until it is ready: warm (installed and built), and the first time on a clone (npm ci and
 * build, with this machine's npm cache). No other program does the same work.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export const name = "start";

const ROOT = resolve(import.meta.dirname, "..");
const TARGET_SECONDS = 5;
const READY = "Rushes is ready";

/** Seconds from spawning `npm start` in this folder to its ready line. It is stopped afterwards. */
async function timed(root: string, dataDir: string): Promise<{ ready: number; stop: number }> {
  const env = { ...process.env, RUSHES_DATA_DIR: dataDir };
  const began = performance.now();
  const child = spawn("npm", ["start"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  let said = "";
  const isReady = new Promise<boolean>((done) => {
    child.stderr.on("data", (chunk) => (said += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes(READY)) done(true);
    });
    child.once("close", () => done(false));
  });
  if (!(await isReady)) throw new Error(`npm start ended before it was ready:\n${said}`);
  const ready = (performance.now() - began) / 1000;
  const asked = performance.now();
  child.kill("SIGTERM");
  await closed;
  return { ready, stop: (performance.now() - asked) / 1000 };
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const seconds = (value: number) => `${value.toFixed(2)} s`;

export async function run({ runs }: { runs: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-bench-start-"));
  try {
    const data = join(folder, "data");
    // Builds if needed, and creates the data folder, so the next runs are warm.
    await timed(ROOT, data);
    const warm: { ready: number; stop: number }[] = [];
    for (let at = 0; at < Math.max(3, runs); at += 1) warm.push(await timed(ROOT, data));
    const clone = join(folder, "clone");
    await promisify(execFile)("git", ["clone", "-q", ROOT, clone]);
    const cold = await timed(clone, join(folder, "cold"));
    const ready = median(warm.map((one) => one.ready));
    return [
      "| `npm start` to ready | time | target |",
      "|---|---|---|",
      `| warm, median of ${warm.length} | ${seconds(ready)} (${warm.map((one) => seconds(one.ready)).join(", ")}) | ≤ ${TARGET_SECONDS} s: ${ready <= TARGET_SECONDS ? "met" : "missed"} |`,
      `| cold: a new clone, with npm ci and build | ${seconds(cold.ready)} | stated |`,
      `| SIGTERM to stopped, median | ${seconds(median(warm.map((one) => one.stop)))} | |`,
    ].join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
