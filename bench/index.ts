/**
 * `npm run bench -- NAME [--runs N] [--case NAME] [--record]`: runs bench/NAME.ts, which exports `name` and
 * `run({ runs, only })`, a promise of Markdown, and prints the result. `only` is the case that `--case` names, for
 * benchmarks that have several. `--record` adds the result to bench/RESULTS.md with the day and the machine. The number
 * of runs is 3, unless the file exports another one as `runs`.
 */
import { appendFile, readdir, readFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as z from "zod";

const FOLDER = import.meta.dirname;

const Benchmark = z.object({
  name: z.string(),
  runs: z.number().default(3),
  run: z.custom<(options: { runs: number; only?: string | undefined }) => Promise<string>>(
    (value) => typeof value === "function",
  ),
});

/** The files in this folder that are benchmarks, by their exports. */
async function names(): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".ts"));
  const sources = await Promise.all(files.map((file) => readFile(join(FOLDER, file), "utf8")));
  return files
    .filter((_, at) => /^export const name\b/m.test(sources[at] ?? ""))
    .map((file) => file.replace(/\.ts$/, ""));
}

function machine(): string {
  const all = cpus();
  return [
    all[0]?.model.trim() || process.arch,
    `${all.length} cores`,
    `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    `${process.platform} ${release()}`,
    `Node ${process.versions.node}`,
  ].join(", ");
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      case: { type: "string" },
      record: { type: "boolean", default: false },
    },
  });
  const known = await names();
  const [asked, ...rest] = positionals;
  if (!asked || !known.includes(asked) || rest.length > 0) {
    process.stderr.write(`Say which benchmark: ${known.join(", ")}.\n`);
    return 1;
  }
  const module = await import(pathToFileURL(join(FOLDER, `${asked}.ts`)).href);
  const { name, run, ...usual } = Benchmark.parse({ ...module });
  const runs = values.runs === undefined ? usual.runs : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    process.stderr.write(`--runs is "${values.runs}"; give it a whole number from 1.\n`);
    return 1;
  }
  const result = (await run({ runs, only: values.case })).trim();
  process.stdout.write(`${result}\n`);
  if (values.record) {
    const day = new Date().toISOString().slice(0, 10);
    const entry = `\n## ${name}, ${day}\n\n${machine()}\n\n${result}\n`;
    await appendFile(join(FOLDER, "RESULTS.md"), entry);
  }
  return 0;
}

// A benchmark with limits sets the exit code if it exceeds one.
process.exit((await main()) || process.exitCode);
