/**
 * How long a page of 50 jobs takes if its owner has 1,000 or 200,000 jobs: a list that scans would take 200 times as
 * long. Each table has its own database and process. The two alternate, so that a slow machine affects both.
 */
import { OWNER } from "../packages/testing/owner.ts";
import { report, type Sample, serve } from "./database.ts";

export const name = "list";

const SIZES = { small: 1_000, large: 200_000 };
const CALLS = 200;
const TARGET = 1.5;

/** Returns a table in markdown. Filling the large table takes some minutes. */
export function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  return report({
    name,
    file: import.meta.filename,
    sizes: SIZES,
    runs,
    what: `A page of 50 jobs with the addresses of their posters, ${CALLS} calls a round one after the other`,
    target: TARGET,
  });
}

async function prepare(count: number) {
  const { fill, jobRow } = await import("../packages/testing/rows.ts");
  const { withActor } = await import("../packages/core/actor.ts");
  const { list } = await import("../packages/core/job/list.ts");
  const began = Date.now() - count * 1000;
  const rows = function* () {
    for (let at = 0; at < count; at += 1) yield jobRow({ created: began + at * 1000 });
  };
  await fill(rows());
  const timed = async (into: number[], cursor?: string) => {
    const from = performance.now();
    const page = await withActor(OWNER, () => list({ limit: 50, cursor }));
    into.push(performance.now() - from);
    if (page.jobs.length !== 50) throw new Error(`A page had ${page.jobs.length} jobs.`);
    return page.cursor;
  };
  return {
    async measure(): Promise<Sample> {
      const first: number[] = [];
      const later: number[] = [];
      for (let call = 0; call < CALLS; call += 1) await timed(later, await timed(first));
      return { "the first page": first, "the page after it": later };
    },
  };
}

const [, , count, folder] = process.argv;
if (process.send && process.argv[1] === import.meta.filename && count && folder) {
  await serve(folder, () => prepare(Number(count)));
}
