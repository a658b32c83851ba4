/**
 * How long a page of a search takes if its owner has 1,000 or 200,000 jobs. The jobs and the search rows that these
 * searches read are written straight into the database.
 */
import { OWNER } from "../packages/testing/owner.ts";
import { report, type Sample, serve } from "./database.ts";

export const name = "search";

const SIZES = { small: 1_000, large: 200_000 };
const CALLS = 100;
const TARGET = 1.5;
/** How many videos have the rare word. */
const RARE = 20;

/** Every video has the word `common`, and one of `often` and `seldom`. */
const SEARCHES = [
  { what: "a rare word", q: "needle", results: RARE },
  { what: "a common word", q: "common", results: 50 },
  { what: "two common words", q: "often common", results: 50 },
  { what: "two common words that no video has both of", q: "often seldom", results: 0 },
];

/** Returns a table in markdown. Filling the large table takes some minutes. */
export function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  return report({
    name,
    file: import.meta.filename,
    sizes: SIZES,
    runs,
    what: `The first page of at most 50 results with the addresses of their posters, ${CALLS} calls a round one after the other`,
    target: TARGET,
  });
}

async function prepare(count: number) {
  const { fill, jobRow } = await import("../packages/testing/rows.ts");
  const { withActor } = await import("../packages/core/actor.ts");
  const { list } = await import("../packages/core/job/list.ts");
  const { entryOf, keyOf, termsOf } = await import("../packages/core/search/words.ts");
  const { key } = await import("../packages/core/table/keys.ts");
  const read = new Set(SEARCHES.flatMap(({ q }) => termsOf(q).map(keyOf)));
  const began = Date.now() - count * 1000;
  const { ownerId } = OWNER;
  const rows = function* () {
    yield { ...key.searchState(ownerId), ownerId, done: true };
    for (let at = 0; at < count; at += 1) {
      const rare = at % Math.floor(count / RARE) === 0 ? " needle" : "";
      const title = `common ${at % 2 === 0 ? "often" : "seldom"} ${at}${rare}`;
      const row = jobRow({ title, ownerId, created: began + at * 1000 });
      yield row;
      const { words, keys } = entryOf(row);
      // All rows would be twenty for each job, and the searches read none of the others.
      for (const one of keys) {
        if (read.has(one)) yield { ...key.word(ownerId, one, row.id), words };
      }
    }
  };
  await fill(rows());
  const timed = async ({ what, q, results }: (typeof SEARCHES)[number]) => {
    const from = performance.now();
    const { jobs } = await withActor(OWNER, () => list({ q, limit: 50 }));
    const took = performance.now() - from;
    if (jobs.length !== results) throw new Error(`${what}: ${jobs.length} results.`);
    return took;
  };
  return {
    async measure(): Promise<Sample> {
      const sample: Sample = {};
      for (let call = 0; call < CALLS; call += 1) {
        for (const search of SEARCHES) {
          const times = sample[search.what] ?? [];
          times.push(await timed(search));
          sample[search.what] = times;
        }
      }
      return sample;
    },
  };
}

const [, , count, folder] = process.argv;
if (process.send && process.argv[1] === import.meta.filename && count && folder) {
  await serve(folder, () => prepare(Number(count)));
}
