/**
 * Plants one mistake at a time in a copy of the project and checks that the matching rule reports it. A failed
 * evaluation is repeated once: on a busy machine it can time out, which is not the rule's fault.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvaluationError, ROOT } from "./evaluate.ts";
import type { Mistake } from "./rule.ts";

/** A mistake, with the code that evaluates the changed copy and applies its rule. */
export interface Mutation {
  mistake: Mistake;
  /** The messages of the rule for the copy in `folder`. */
  problems(folder: string): Promise<string[]>;
}

type Outcome = { result: "caught" | "missed" } | { result: "evaluation failed"; reason: string };

/** A copy of the project with one mistake in it. @throws if the file does not contain the text to replace */
async function plant({ file, find, put }: Mistake): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-mistake-"));
  for (const name of ["infra", "delivery", "sst.config.ts", "package.json"]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  for (const name of ["packages", "docs"]) await symlink(join(ROOT, name), join(folder, name));
  const path = join(folder, file);
  const before = await readFile(path, "utf8");
  const after = before.replace(find, put);
  if (after === before) throw new Error(`${file} does not contain the text that is replaced.`);
  await writeFile(path, after);
  return folder;
}

async function test({ mistake, problems }: Mutation, attempts = 2): Promise<Outcome> {
  const folder = await plant(mistake);
  try {
    return { result: (await problems(folder)).length > 0 ? "caught" : "missed" };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    if (attempts === 1) {
      return { result: "evaluation failed", reason: error.message.slice(0, 400) };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return test({ mistake, problems }, attempts - 1);
}

/** An evaluation waits about half of its time. */
const WORKERS = 2;

/** Prints the outcome of each mutation. Resolves with false unless every mistake was caught. */
export async function mutate(mutations: Mutation[]): Promise<boolean> {
  const counts = { caught: 0, missed: 0, "evaluation failed": 0 };
  const waiting = [...mutations];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = await test(next);
      counts[outcome.result] += 1;
      const reason = outcome.result === "evaluation failed" ? `: ${outcome.reason}` : "";
      process.stdout.write(`  ${outcome.result}  ${next.mistake.what}${reason}\n`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  process.stdout.write(
    `\n${counts.caught} of ${mutations.length} caught, ${counts.missed} missed, ${counts["evaluation failed"]} evaluations failed\n`,
  );
  return counts.caught === mutations.length;
}
