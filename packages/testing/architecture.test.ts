import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { wiring } from "@rushes/core/wiring";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const page = read("ARCHITECTURE.md");
/** The most files that a reader may have to read for each walk. */
const MOST = { "From an S3 event to the mail": 15, "From a dropped file to `complete`": 16 };

/** The files that a file imports, statically or on first use, relative to the root. */
function importsOf(file: string): string[] {
  const specifiers = read(file).matchAll(/(?:from|import\() ?"([^"]+)"/g);
  return [...specifiers].flatMap(([, specifier = ""]) => {
    if (specifier.startsWith(".")) return [normalize(join(dirname(file), specifier))];
    const [, name, path] = /^@rushes\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
    return name && path ? [`packages/${name}/${path}.ts`] : [];
  });
}

/** The runtime calls a handler for an event and a route for a request, without an import. */
function isWired(file: string): boolean {
  const handlers = Object.values(wiring.functions).map(
    ({ handler }) => `${handler.replace(/\.\w+$/, "")}.ts`,
  );
  return handlers.includes(file) || importsOf("packages/web/api/app.ts").includes(file);
}

describe.each(Object.entries(MOST))("%s", (title, most) => {
  const walk = page.split("\n## ").find((section) => section.startsWith(title)) ?? "";
  const files = [...walk.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = ""]) => file);

  test(`takes at most ${most} files, each imported by an earlier one or wired`, () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.length).toBeLessThanOrEqual(most);
    const reached = new Set(importsOf(files[0] ?? ""));
    for (const file of files.slice(1)) {
      expect(reached.has(file) || isWired(file), `${file} is reached`).toBe(true);
      for (const one of importsOf(file)) reached.add(one);
    }
  });
});

test("names only files and folders that exist", () => {
  const paths = [...page.matchAll(/`((?:packages|infra|delivery)[^`]*)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(paths.length).toBeGreaterThan(30);
  for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
});
