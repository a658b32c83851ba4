/**
 * Lets the browser compile the code of a script while it loads, and not when it runs. A script of Turbopack is a list of
 * functions, one for each module. V8 expects that a function is not called soon: it compiles each when it is called, on
 * the page's main thread. A function in parentheses is compiled at once, on another thread. With hls.js, the main thread
 * of a slow machine has 110 ms less to do.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Expression, parse, type SpreadElement } from "acorn";

/** A smaller module compiles in a millisecond or two, and many parentheses would count in the size of a page. */
const LEAST_CHARACTERS = 10_000;

type ListElement = Expression | SpreadElement | null;

/** The functions of a script's modules. Empty for a script that is not such a list. */
function modulesOf(script: string): { start: number; end: number }[] {
  const [statement] = parse(script, { ecmaVersion: "latest", sourceType: "script" }).body;
  if (statement?.type !== "ExpressionStatement") return [];
  const { expression } = statement;
  if (expression.type !== "CallExpression") return [];
  const [list] = expression.arguments;
  const elements: readonly ListElement[] = list?.type === "ArrayExpression" ? list.elements : [];
  return elements.flatMap((element) =>
    element?.type === "ArrowFunctionExpression" || element?.type === "FunctionExpression"
      ? [element]
      : [],
  );
}

/** The same script with its large modules in parentheses. */
export function withEagerModules(script: string): string {
  let text = "";
  let from = 0;
  for (const { start, end } of modulesOf(script)) {
    if (end - start < LEAST_CHARACTERS || script[start - 1] === "(") continue;
    text += `${script.slice(from, start)}(${script.slice(start, end)})`;
    from = end;
  }
  return text + script.slice(from);
}

/** Changes the scripts of a build. Their names are hashes of what Turbopack wrote, which determines the change. */
export async function makeModulesEager(distDir: string): Promise<void> {
  const folder = join(distDir, "static/chunks");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  for (const name of names) {
    const path = join(folder, name);
    const script = await readFile(path, "utf8");
    const eager = withEagerModules(script);
    if (eager !== script) await writeFile(path, eager);
  }
}
