/** Compares operations.table.ts with the code: it lists every operation, and only core calls its internal ones. */
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NEEDS } from "./operations.table.ts";

const PACKAGES = join(import.meta.dirname, "../../..");
const CORE = join(PACKAGES, "core");

const pathOf = (module: string): string =>
  join(CORE, module.startsWith("pipeline/") ? `${module}.ts` : `${module}/index.ts`);

test("the table lists every module and every function that it exports", async () => {
  const modules: string[] = [];
  for await (const path of glob(["*/index.ts", "pipeline/*.ts"], { cwd: CORE })) {
    if (path.endsWith(".test.ts")) continue;
    modules.push(path.replace(/(\/index)?\.ts$/, ""));
  }
  expect(Object.keys(NEEDS).sort()).toEqual(modules.sort());
  for (const module of modules) {
    const exported: Record<string, unknown> = await import(pathOf(module));
    const functions = Object.entries(exported).filter(([, one]) => typeof one === "function");
    const names = functions.map(([name]) => name).sort();
    expect(names, module).toEqual(Object.keys(NEEDS[module] ?? {}).sort());
    for (const [name, one] of functions.filter(([name]) => NEEDS[module]?.[name] === "pure")) {
      expect(Object.getPrototypeOf(one), `${module}.${name}`).toBe(Function.prototype);
    }
  }
});

test("no function or route calls an operation that only core may call", async () => {
  const files = ["web", "functions"].map((one) => `${one}/**/*.{ts,tsx}`);
  const exclude = (path: string) => /node_modules|\.next|\.test\.|testing|e2e/.test(path);
  const used: string[] = [];
  for await (const path of glob(files, { cwd: PACKAGES, exclude })) {
    if (exclude(path)) continue;
    const text = await readFile(join(PACKAGES, path), "utf8");
    const imports = text.matchAll(
      /(?:import|const) ([^;]*?) (?:from |= await import\()"(?:@rushes|[./]+)\/core\/(pipeline\/[\w-]+|[\w-]+(?=\/index))(?:\/index)?(?:\.ts)?"/g,
    );
    for (const [, names = "", module = ""] of imports) {
      const [, alias] = /^(?:\* as )?(\w+)$/.exec(names) ?? [];
      for (const name of Object.keys(NEEDS[module] ?? {})) {
        const calls = new RegExp(alias ? `\\b${alias}\\.${name}\\b` : `\\b${name}\\b`);
        if (calls.test(alias ? text : names)) used.push(`${module}.${name}`);
      }
    }
  }
  // One that is imported statically, and one that is imported on demand.
  expect(used).toEqual(expect.arrayContaining(["job.details", "share.framesOf"]));
  const inside = Object.entries(NEEDS).flatMap(([module, needs]) =>
    Object.entries(needs).flatMap(([name, need]) =>
      need === "inside" ? [`${module}.${name}`] : [],
    ),
  );
  expect(used.filter((name) => inside.includes(name))).toEqual([]);
});
