/**
 * `npm run check`: runs every check that needs no running program, one after the other, even if one fails. `npm test`
 * runs the same list.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { main, projectNode, ROOT, run } from "./machine.mjs";

const SOURCES = ["packages", "infra", "delivery", "bench", "scripts"];

/** jscpd has one binary per platform. Its main package lists platforms that the registry does not have. */
function cloneDetector() {
  const path = join(ROOT, `node_modules/jscpd-linux-${process.arch}-gnu/bin/jscpd`);
  return existsSync(path) ? path : undefined;
}

const check = (title, program, ...args) => ({ title, program, args });
const module = (title, path, ...args) =>
  check(title, projectNode(), join(ROOT, "node_modules", path), ...args);

/** The types of everything but infra. After a build, also those of Next's routes, which the build writes. */
const TYPES = { sources: "tsconfig.json", built: "tsconfig.built.json" };

/** The title, program and arguments of each check of the `sources`, or of a `built` project. */
export function checks(state = "sources") {
  const clones = cloneDetector();
  const cruiser = "dependency-cruiser/bin/dependency-cruiser.mjs";
  const rules = ["--config", ".dependency-cruiser.mjs"];
  return [
    module("format and lint", "@biomejs/biome/bin/biome", "check", "."),
    module("types", "typescript/bin/tsc", "-p", TYPES[state], "--noEmit", "--pretty", "false"),
    module("layers and import cycles", cruiser, ...rules, ...SOURCES),
    module("unused code and imports", "knip/bin/knip.js", "--treat-config-hints-as-errors"),
    ...(clones ? [check("clones", clones, ...SOURCES)] : []),
    check("retired words", projectNode(), join(ROOT, "scripts/language/check.mjs")),
  ];
}

async function all() {
  const failed = [];
  for (const { title, program, args } of checks()) {
    process.stdout.write(`\n— ${title}\n`);
    if ((await run(program, args)) !== 0) failed.push(title);
  }
  process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(", ")}\n` : "\nAll passed\n");
  process.exitCode = failed.length > 0 ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(all);
