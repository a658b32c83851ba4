/** How `npm start` checks node_modules: scripts/tree.mjs on a real folder. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/tree.mjs");
const INSTALLED = ["node_modules/a", "node_modules/b", "packages/web/node_modules/c"];

let root: string;

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Calls one of the script's functions on the folder, as plain JavaScript that Node runs. */
async function call(name: string): Promise<string[]> {
  const code = `import(${JSON.stringify(SCRIPT)}).then((tree) => console.log(JSON.stringify(tree.${name}(${JSON.stringify(root)}) ?? [])))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code]);
  return JSON.parse(stdout);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rushes-tree-"));
  const packages = Object.fromEntries(INSTALLED.map((path) => [path, { version: "1.0.0" }]));
  const elsewhere = { "node_modules/only-elsewhere": { optional: true, os: ["aix"] } };
  await write("package-lock.json", JSON.stringify({ packages: { ...packages, ...elsewhere } }));
  for (const path of INSTALLED) {
    await write(`${path}/package.json`, '{"version":"1.0.0"}');
    await write(`${path}/dist/index.js`, "export {};");
  }
  await call("recordTree");
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("accepts a complete install without packages of other platforms", async () => {
  expect(await call("missingPackages")).toEqual([]);
  expect(await call("damagedFiles")).toEqual([]);
});

test("finds missing packages", async () => {
  await rm(join(root, "packages/web/node_modules"), { recursive: true });
  await rm(join(root, "node_modules/a"), { recursive: true });
  expect(await call("missingPackages")).toEqual(["node_modules/a", "packages/web/node_modules/c"]);
});

test("finds missing packages without a record, as after a killed install", async () => {
  await rm(join(root, "node_modules/.rushes-files.json"));
  await truncate(join(root, "node_modules/b/package.json"), 0);
  expect(await call("missingPackages")).toEqual(["node_modules/b"]);
});

test("finds missing and truncated files inside packages", async () => {
  await rm(join(root, "node_modules/a/dist"), { recursive: true });
  await truncate(join(root, "packages/web/node_modules/c/dist/index.js"), 3);
  // Caches of tools do not count.
  await write("node_modules/.cache/tool/file", "x");
  expect((await call("damagedFiles")).sort()).toEqual([
    "node_modules/a/dist/index.js",
    "packages/web/node_modules/c/dist/index.js",
  ]);
});
