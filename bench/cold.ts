/**
 * What a cold start costs: each function bundled by esbuild as SST does it, its size as zipped, and how
 * long a fresh process imports it. A function over its bound, without a source map, or with a package
 * that only development needs ends with an error. Needs `npm run infra:types` for SST's own esbuild.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import * as z from "zod";

export const name = "Cold starts";

const ROOT = resolve(import.meta.dirname, "..");
const FUNCTIONS = join(ROOT, "packages/functions");
const MAX_BYTES = 1_000_000;
const MAX_MS = 250;
const LEAST_RUNS = 10;

/** As SST writes it above every function, so that CommonJS inside finds its names. */
const BANNER = [
  `import { createRequire as topLevelCreateRequire } from "module";`,
  "const require = topLevelCreateRequire(import.meta.url);",
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";`,
  "const __filename = topLevelFileUrlToPath(import.meta.url);",
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));`,
].join("\n");

const Manifest = z.object({ devDependencies: z.record(z.string(), z.string()) });
/** SST's own, which has no types here. */
const Esbuild = z.object({
  build: z.custom<(options: object) => Promise<unknown>>((value) => typeof value === "function"),
});
const Built = z.object({ metafile: z.object({ inputs: z.record(z.string(), z.unknown()) }) });
const execute = promisify(execFile);

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** One bundle: its bytes as zipped, with and without the source map, and whose packages are inside. */
async function bundle(handler: string, outfile: string) {
  const require = createRequire(join(ROOT, ".sst/platform/package.json"));
  const esbuild = Esbuild.parse(require("esbuild"));
  const built = await esbuild.build({
    entryPoints: [join(FUNCTIONS, `${handler}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    metafile: true,
    banner: { js: BANNER },
    logLevel: "silent",
    absWorkingDir: ROOT,
  });
  const { metafile } = Built.parse(built);
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap(
      (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    ),
  );
  const zipped = async (path: string) => deflateRawSync(await readFile(path)).length;
  return { packages, code: await zipped(outfile), map: await zipped(`${outfile}.map`) };
}

/** Milliseconds that a fresh process takes to import the bundle. */
async function imported(file: string): Promise<number> {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - t)); process.exit(0);`;
  const args = ["--enable-source-maps", "--input-type=module", "-e", script];
  const env = { ...process.env, AWS_REGION: "us-east-1" };
  const { stdout } = await execute(process.execPath, args, { env });
  return Number(stdout);
}

/** The table; a function over a bound ends with 1, after all were measured. */
export async function run({ runs }: { runs: number }): Promise<string> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")));
  const folder = await mkdtemp(join(tmpdir(), "rushes-cold-"));
  const problems: string[] = [];
  const rows: string[] = [];
  try {
    for (const file of (await readdir(FUNCTIONS)).filter((one) => one.endsWith(".ts")).sort()) {
      const handler = file.replace(/\.ts$/, "");
      const source = await readFile(join(FUNCTIONS, file), "utf8");
      if (!/^export (const|async function|function) handler\b/m.test(source)) continue;
      const outfile = join(folder, `${handler}.mjs`);
      const { packages, code, map } = await bundle(handler, outfile);
      const times: number[] = [];
      for (let at = 0; at < Math.max(runs, LEAST_RUNS); at += 1)
        times.push(await imported(outfile));
      const ms = median(times);
      if (code + map > MAX_BYTES) problems.push(`${handler} is ${code + map} bytes as zipped.`);
      if (ms > MAX_MS) problems.push(`${handler} takes ${ms.toFixed(0)} ms to import.`);
      for (const one of Object.keys(manifest.devDependencies)) {
        if (packages.has(one)) problems.push(`${handler} holds ${one}, which is for development.`);
      }
      const kB = (bytes: number) => (bytes / 1000).toFixed(0);
      rows.push(
        `| ${handler} | ${kB(code)} | ${kB(map)} | ${kB(code + map)} | ${ms.toFixed(0)} | ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} |`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (problems.length > 0) process.exitCode = 1;
  return [
    `Median of ${Math.max(runs, LEAST_RUNS)} fresh processes; bounds: ${MAX_BYTES / 1000} kB as zipped, ${MAX_MS} ms.`,
    "",
    "| function | code, kB | source map, kB | zip, kB | import, ms | least–most |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    ...(problems.length > 0 ? problems : ["All within their bounds."]),
  ].join("\n");
}
