import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bundle, bundle, functionsOf } from "./testing/bundle.ts";
import { ROOT } from "./testing/esbuild.ts";
import { evaluateStage } from "./testing/stages.ts";

let folder: string;
let bundles: Bundle[];
let functions: string[];
/** The problems by function, in one message. */
const wrong = (of: (one: Bundle) => unknown[]) =>
  Object.fromEntries(
    bundles.map((one) => [one.name, of(one)] as const).filter(([, found]) => found.length > 0),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-bundles-"));
  const graph = await evaluateStage("production");
  functions = Object.keys(graph.handlers);
  bundles = await Promise.all(
    functionsOf(graph).map(async (one) => {
      await mkdir(join(folder, one.name));
      return bundle(graph, one, join(folder, one.name));
    }),
  );
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("keeps every function under 1 MB zipped, with source maps", () => {
  expect(bundles.length).toBeGreaterThanOrEqual(5);
  expect(wrong((one) => (one.zipBytes > 1_000_000 ? [one.zipBytes] : []))).toEqual({});
});

test("bundles no development package", () => {
  expect(wrong((one) => one.development)).toEqual({});
});

test("maps the stack traces of every function to the sources", () => {
  expect(wrong((one) => one.unmapped)).toEqual({});
  expect(wrong((one) => one.sources.filter((path) => !existsSync(join(ROOT, path))))).toEqual({});
  expect(
    wrong(({ name, sources }) =>
      [`packages/functions/${name}.ts`, "packages/core/actor.ts"].filter(
        (path) => !sources.includes(path),
      ),
    ),
  ).toEqual({});
});

test("starts every function from its bundle alone", async () => {
  const script = (one: Bundle) =>
    `const { handler } = await import("${pathToFileURL(one.entry)}"); process.exit(typeof handler === "function" ? 0 : 1);`;
  for (const one of bundles) {
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script(one)], {
      cwd: folder,
      env: { AWS_REGION: "eu-central-1" },
    });
  }
}, 60_000);

test("creates no image optimization function", () => {
  expect(functions.filter((name) => name.startsWith("Web"))).toEqual([
    expect.stringMatching(/^WebServer/),
  ]);
});
