/**
 * `npm run check`: every check that needs no running program, one after the other, also after one has
 * failed. `npm test` runs the same list.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { main, projectNode, ROOT, run } from "./machine.mjs";

const SOURCES = ["packages", "infra", "delivery", "bench", "scripts"];

/** jscpd is one binary a platform; its own package names platforms that the registry does not have. */
function cloneDetector() {
  const path = join(ROOT, `node_modules/jscpd-linux-${process.arch}-gnu/bin/jscpd`);
  return existsSync(path) ? path : undefined;
}

const bin = (path, ...args) => [projectNode(), [join(ROOT, "node_modules", path), ...args]];

/** Title, program and arguments of each check. */
export function checks() {
  const clones = cloneDetector();
  return [
    ["format and lint", ...bin("@biomejs/biome/bin/biome", "check", ".")],
    ["types", ...bin("typescript/bin/tsc", "-p", ".", "--noEmit", "--pretty", "false")],
    [
      "layers and import cycles",
      ...bin(
        "dependency-cruiser/bin/dependency-cruiser.mjs",
        "--config",
        ".dependency-cruiser.mjs",
        ...SOURCES,
      ),
    ],
    [
      "unused code and undeclared imports",
      ...bin("knip/bin/knip.js", "--treat-config-hints-as-errors"),
    ],
    ...(clones ? [["clones", clones, SOURCES]] : []),
    ["retired words", projectNode(), [join(ROOT, "scripts/language/check.mjs")]],
  ];
}

async function all() {
  const failed = [];
  for (const [title, program, args] of checks()) {
    process.stdout.write(`\n— ${title}\n`);
    if ((await run(program, args)) !== 0) failed.push(title);
  }
  process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(", ")}\n` : "\nAll passed\n");
  process.exitCode = failed.length > 0 ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(all);
