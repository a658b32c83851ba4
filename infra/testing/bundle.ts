/** Bundles the functions as `sst deploy` does, with the options from the evaluated app. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import * as z from "zod";
import { withoutSources } from "../maps.ts";
import { build, ROOT } from "./esbuild.ts";
import type { Graph } from "./graph.ts";

/** SST puts this above every function, so that CommonJS code finds its names. */
const BANNER = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  "const require = topLevelCreateRequire(import.meta.url);",
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  "const __filename = topLevelFileUrlToPath(import.meta.url)",
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
].join("\n");

/** Strict: it rejects an option that this file does not imitate. */
const Options = z.strictObject({
  minify: z.boolean(),
  splitting: z.boolean(),
  sourcemap: z.boolean(),
  architecture: z.literal("arm64"),
  /** Rushes's own option: whether `postbuild` has removed the sources from a map. */
  slimMaps: z.boolean(),
});
const SourceMap = z.object({ sources: z.array(z.string()) });
const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});

export interface Bundle {
  /** The name that core and the operator use: `source-created`. */
  name: string;
  /** The file that Lambda imports. */
  entry: string;
  /** The size of the whole zip, and the part of it that is source maps. */
  zipBytes: number;
  mapBytes: number;
  /** Scripts without a source map. */
  unmapped: string[];
  /** The repository's files in the maps, relative to the root. Files of packages are left out. */
  sources: string[];
  /** Bundled packages that are only development dependencies. */
  development: string[];
}

/** The app's own functions in the graph. OpenNext bundles the site's, which have no handler file. */
export const functionsOf = (graph: Graph): { id: string; name: string; file: string }[] =>
  Object.entries(graph.handlers)
    .filter(([, handler]) => handler.startsWith("packages/"))
    .map(([id, handler]) => {
      const file = handler.replace(/\.\w+$/, ".ts");
      return { id, name: basename(file, ".ts"), file };
    });

/** Bundles one function of the graph into `folder`. */
export async function bundle(
  graph: Graph,
  of: { id: string; name: string; file: string },
  folder: string,
): Promise<Bundle> {
  const options = Options.parse(graph.bundling[of.id]);
  const entry = join(folder, `${of.name}.mjs`);
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, of.file)],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    external: ["sharp", "pg-native"],
    banner: { js: BANNER },
    keepNames: true,
    metafile: true,
    logLevel: "silent",
    minify: options.minify,
    sourcemap: options.sourcemap ? "linked" : false,
    ...(options.splitting
      ? { splitting: true, outdir: folder, outExtension: { ".js": ".mjs" } }
      : { outfile: entry }),
  });
  if (options.slimMaps) await withoutSources(folder);
  const names = await readdir(folder);
  const maps = names.filter((name) => name.endsWith(".map"));
  const mapped = await Promise.all(maps.map((name) => sourcesOf(folder, name)));
  return {
    name: of.name,
    entry,
    zipBytes: 22 + (await zipped(folder, names)),
    mapBytes: await zipped(folder, maps),
    unmapped: names.filter((name) => name.endsWith(".mjs") && !maps.includes(`${name}.map`)),
    sources: [...new Set(mapped.flat())].filter((path) => !path.includes("node_modules/")).sort(),
    development: await forDevelopment(Object.keys(metafile.inputs)),
  };
}

/** The size of the files in a zip in bytes, each with its two headers. */
async function zipped(folder: string, names: string[]): Promise<number> {
  const sizes = names.map(
    async (name) =>
      deflateRawSync(await readFile(join(folder, name))).length + 76 + 2 * name.length,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function sourcesOf(folder: string, name: string): Promise<string[]> {
  const { sources } = SourceMap.parse(JSON.parse(await readFile(join(folder, name), "utf8")));
  return sources.map((source) => resolve(folder, source).slice(ROOT.length + 1));
}

/** The lockfile marks packages that only development needs. */
async function forDevelopment(inputs: string[]): Promise<string[]> {
  const lock = Lock.parse(JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")));
  const packages = inputs.flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(packages)].filter((path) => lock.packages[path]?.dev !== undefined);
}
