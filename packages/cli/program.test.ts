import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "./program.ts";

const document = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
const program = createProgram(new AbortController().signal);

/** The commands that do something, with the names of those that contain them. */
function leaves(command: Command, name: string): [string, Command][] {
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((inner) => leaves(inner, `${name} ${inner.name()}`.trim()));
}

/** As the table shows a command: `share ID [--expires HOURS]`. */
const usageOf = ([name, command]: [string, Command]) =>
  [
    name,
    ...command.registeredArguments.map(
      (one) => `${one.name().toUpperCase()}${one.variadic ? "…" : ""}`,
    ),
    ...command.options.map(
      ({ flags }) => `[${flags.replace(/<(.*)>/, (_, of) => of.toUpperCase())}]`,
    ),
  ].join(" ");

test("docs/cli.md lists every command with its arguments and options, and no other", () => {
  const [, table = ""] = document.split("## Commands");
  const shown = [...(table.split("exit code")[0] ?? "").matchAll(/^\| `(.*?)` \|/gm)];
  expect(shown.map(([, usage]) => usage).slice(1)).toEqual(leaves(program, "").map(usageOf));
});

test("docs/cli.md mentions only options that exist", () => {
  const options = leaves(program, "").flatMap(([, command]) => command.options);
  const known = options.flatMap(({ long }) => long ?? []);
  const prose = document.replaceAll(/^.*npm run.*$/gm, "");
  const mentioned = [...prose.matchAll(/(?<=[\s`[])--[a-z-]+/g)].map(([option]) => option);
  expect(mentioned.filter((option) => !known.includes(option))).toEqual([]);
});
