/** Bundles the functions as `sst deploy` would, out of the options that the evaluated app gives it. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import * as z from "zod";
import { withoutSources } from "../maps.ts";
import { build, ROOT } from "./esbuild.ts";
import type { Graph } from "./graph.ts";

/** As SST writes it above every function, so that CommonJS inside finds its names. */
const BANNER = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  "const require = topLevelCreateRequire(import.meta.url);",
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  "const __filename = topLevelFileUrlToPath(import.meta.url)",
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
].join("\n");

/** Strict: an option that is not imitated here must not be passed over. */
const Options = z.strictObject({
  minify: z.boolean(),
  splitting: z.boolean(),
  sourcemap: z.boolean(),
  architecture: z.literal("arm64"),
  /** Ours: whether the function's `postbuild` was seen to take the sources out of a map. */
  slimMaps: z.boolean(),
});
const SourceMap = z.object({ sources: z.array(z.string()) });
const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});

export interface Bundle {
  /** As core and the operator know it: `source-created`. */
  name: string;
  /** What Lambda imports. */
  entry: string;
  /** Of the whole zip, and how many of them are source maps. */
  zipBytes: number;
  mapBytes: number;
  /** Scripts that have no source map beside them. */
  unmapped: string[];
  /** Our own files that the maps point to, from the root; those of packages are left out. */
  sources: string[];
  /** Packages inside that are installed for development only. */
  development: string[];
}

/** Our functions among what was evaluated: OpenNext bundles the site's, which have no handler file. */
export const functionsOf = (graph: Graph): { id: string; name: string; file: string }[] =>
  Object.entries(graph.handlers)
    .filter(([, handler]) => handler.startsWith("packages/"))
    .map(([id, handler]) => {
      const file = handler.replace(/\.\w+$/, ".ts");
      return { id, name: basename(file, ".ts"), file };
    });

/** One function of the graph, bundled into `folder`. */
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

/** Bytes that files take in a zip, each with its two headers. */
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

/** The lockfile says of every package whether anything but development needs it. */
async function forDevelopment(inputs: string[]): Promise<string[]> {
  const lock = Lock.parse(JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")));
  const packages = inputs.flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(packages)].filter((path) => lock.packages[path]?.dev !== undefined);
}
