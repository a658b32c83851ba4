/**
 * The cost of a cold start: each function bundled as SST does it, its zipped size, and how long a new process takes to
 * import it. Fails if a function exceeds its limit. Needs `npm run dev -- types`.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Bundle, bundle, functionsOf } from "../infra/testing/bundle.ts";
import { evaluateStage } from "../infra/testing/stages.ts";

export const name = "Cold starts";

const MAX_BYTES = 1_000_000;
const MAX_MS = 250;
const LEAST_RUNS = 15;

const execute = promisify(execFile);

/** Milliseconds that a fresh process takes to import the bundle, as Lambda runs it. */
async function imported(file: string): Promise<number> {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - t)); process.exit(0);`;
  const args = ["--enable-source-maps", "--input-type=module", "-e", script];
  const env = { ...process.env, AWS_REGION: "us-east-1" };
  const { stdout } = await execute(process.execPath, args, { env });
  return Number(stdout);
}

async function bundled(folder: string): Promise<Bundle[]> {
  const graph = await evaluateStage("production");
  const bundles: Bundle[] = [];
  for (const one of functionsOf(graph)) {
    await mkdir(join(folder, one.name));
    bundles.push(await bundle(graph, one, join(folder, one.name)));
  }
  return bundles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns a table. Exits with 1 after all functions are measured if one exceeds its limit. */
export async function run({ runs }: { runs: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-cold-"));
  const rounds = Math.max(runs, LEAST_RUNS);
  const problems: string[] = [];
  const rows: string[] = [];
  try {
    for (const { name, entry, zipBytes, mapBytes } of await bundled(folder)) {
      const times: number[] = [];
      for (let at = 0; at < rounds; at += 1) times.push(await imported(entry));
      times.sort((a, b) => a - b);
      const [least = 0, ms = 0, most = 0] = [times[0], times[rounds >> 1], times.at(-1)];
      if (zipBytes > MAX_BYTES) problems.push(`${name} is ${zipBytes} bytes as zipped.`);
      if (ms > MAX_MS) problems.push(`${name} takes ${ms.toFixed(0)} ms to import.`);
      const kB = (bytes: number) => (bytes / 1000).toFixed(0);
      rows.push(
        `| ${name} | ${kB(zipBytes)} | ${kB(mapBytes)} | ${ms.toFixed(0)} | ${least.toFixed(0)}–${most.toFixed(0)} |`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (problems.length > 0) process.exitCode = 1;
  return [
    `Median of ${rounds} fresh processes each; bounds: ${MAX_BYTES / 1000} kB as zipped, ${MAX_MS} ms. Load of the machine in the minute before: ${loadavg()[0]?.toFixed(1)}.`,
    "",
    "| function | zip, kB | of it source maps, kB | import, ms | least–most |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...(problems.length > 0 ? problems : ["All within their bounds."]),
  ].join("\n");
}
