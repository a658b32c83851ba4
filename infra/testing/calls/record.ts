/**
 * infra/calls.json lists the AWS calls of each function. `record.ts check <folder>` compares it with what a run of the
 * whole flow tier recorded in the folder; `write` replaces it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CALLS, type Calls, readCalls } from "./granted.ts";

function recorded(folder: string): Calls {
  const calls = new Map<string, Set<string>>();
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, name), "utf8").trim().split("\n")) {
      // Written by recorder.ts.
      const { role, call } = JSON.parse(line) as { role: string; call: string };
      calls.set(role, (calls.get(role) ?? new Set()).add(call));
    }
  }
  return Object.fromEntries(
    [...calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([role, of]) => [role, [...of].sort()]),
  );
}

/** The entries of one list that the other does not have. */
function beyond(some: Calls, others: Calls, sentence: (role: string, call: string) => string) {
  return Object.entries(some).flatMap(([role, calls]) =>
    calls.filter((call) => !others[role]?.includes(call)).map((call) => sentence(role, call)),
  );
}

const [what = "", folder = ""] = process.argv.slice(2);
const now = recorded(folder);
if (what === "write") {
  writeFileSync(CALLS, `${JSON.stringify(now, null, 2)}\n`);
} else {
  const listed = readCalls();
  const differences = [
    ...beyond(now, listed, (role, call) => `${role} calls ${call}, which is not listed.`),
    ...beyond(listed, now, (role, call) => `${role} is listed with ${call}, which no test saw.`),
  ];
  for (const one of differences) process.stdout.write(`${one}\n`);
  if (differences.length > 0) {
    process.stdout.write("\nLook whether that is meant; then run `npm run dev -- calls`.\n");
    process.exitCode = 1;
  }
}
