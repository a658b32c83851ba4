/**
 * Marks the code of each function, so that its calls are recorded under its name: each handler of packages/functions,
 * and the web app's API. It is a plugin of the flow tier, so neither the tests nor the product contain any of it.
 */
import { basename, join, resolve } from "node:path";
import type { Plugin } from "vitest/config";

const ROOT = resolve(import.meta.dirname, "../../..");
const FUNCTIONS = join(ROOT, "packages/functions/");
const API = join(ROOT, "packages/web/api/app.ts");
const HANDLER = /^export (?=(?:const|(?:async )?function) handler\b)/m;
const recorder = 'globalThis[Symbol.for("rushes.calls")]';

export function roles(): Plugin {
  return {
    name: "rushes:roles",
    enforce: "pre",
    transform(code, id) {
      if (id === API)
        return { code: `${code}\napp.fetch = ${recorder}.as("web", app.fetch);`, map: null };
      if (!id.startsWith(FUNCTIONS) || !HANDLER.test(code)) return undefined;
      const role = JSON.stringify(basename(id, ".ts"));
      return {
        code: `${code.replace(HANDLER, "")}
const recorded = ${recorder}.as(${role}, handler);
export { recorded as handler };`,
        map: null,
      };
    },
  };
}
