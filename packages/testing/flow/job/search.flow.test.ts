import { indexJobs } from "@rushes/core/pipeline/index-jobs";
import * as Search from "@rushes/core/search/index";
import * as Table from "@rushes/core/table/index";
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";

const { core } = await startCore();

const START = Date.now() - 3_600_000;

/** Writes jobs of an earlier version. */
async function old(titles: string[]) {
  const rows = titles.map((title, at) => jobRow({ title, created: START + at * 1000 }));
  await fill(rows);
  return rows;
}
async function search(q: string, rest: { limit?: number; cursor?: string; status?: "error" } = {}) {
  const { jobs, cursor } = await core.asOwner(() => core.job.list({ q, ...rest }));
  return { titles: jobs.map((job) => job.title), cursor };
}
/** The search rows of the owner with this key. */
const rowsOf = (word: string) =>
  Table.queryAll({ partition: Table.key.word("local", word, "").pk });
/** Runs the upgrade as reconcile does. */
async function upgrade() {
  await Search.isIndexed("local");
  await change(Table.key.searchState("local"), dueNow("search", "local"));
  await core.reconcile();
}

describe("a data folder without search rows", () => {
  const titles = Array.from({ length: 60 }, (_, at) => `Été ${at % 2 ? "odd" : "even"} n${at}.mp4`);

  test("is searched, indexed in parts that can be interrupted, and searched with the same results", async () => {
    const rows = await old(titles);
    const newest = titles.toReversed();
    const queries: [string, string[]][] = [
      ["ete", newest],
      ["ODD ét", newest.filter((title) => title.includes("odd"))],
      ["n1", newest.filter((title) => /n1/.test(title))],
      ["ete n7", newest.filter((title) => /n7\./.test(title))],
      ["even odd", []],
      ["nothing", []],
      ["!?", []],
    ];
    for (const [q, expected] of queries) {
      expect((await search(q, { limit: 100 })).titles, q).toEqual(expected);
    }
    const first = rows.slice(0, 20);
    // An interrupted run: its rows exist, and its progress was not recorded.
    await Promise.all(
      first.map(({ id, ownerId, title, fileName }) =>
        Table.transact(Search.writes({ id, ownerId, title, fileName }, undefined)),
      ),
    );
    await upgrade();
    expect(await Search.isIndexed("local")).toBe(true);
    expect(await rowsOf("ete")).toHaveLength(60);
    for (const [q, expected] of queries) {
      expect((await search(q, { limit: 100 })).titles, q).toEqual(expected);
    }
    await indexJobs({ ownerId: "local", kind: "search", done: false });
    expect(await rowsOf("ete")).toHaveLength(60);
  });

  test("pages through a search, and rejects the cursor of another one", async () => {
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await search("ete even", { limit: 7, cursor });
      pages.push(page.titles);
      cursor = page.cursor;
    } while (cursor);
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 7, 2]);
    expect(new Set(pages.flat()).size).toBe(30);
    const one = await search("ete", { limit: 1 });
    await expect(search("odd", { limit: 1, cursor: one.cursor })).rejects.toMatchObject({
      code: "cursor.invalid",
    });
  });
});

test("a new name moves the rows of a video, and a deletion removes all of them", async () => {
  const [row] = await old(["Unique zebra.mp4"]);
  if (!row) throw new Error("There is no row.");
  const id = core.id(row.id);
  await core.asOwner(() => core.job.rename({ id, title: "Unique giraffe" }));
  expect((await search("giraffe uni")).titles).toEqual(["Unique giraffe"]);
  // The file keeps its name.
  expect((await search("zebra")).titles).toEqual(["Unique giraffe"]);
  await core.asOwner(() => core.job.rename({ id, title: "Unique lion" }));
  expect((await search("giraffe")).titles).toEqual([]);
  expect(await rowsOf("giraffe")).toEqual([]);
  expect(await rowsOf("lion")).toHaveLength(1);
  await core.asOwner(() => core.job.remove(id));
  expect((await search("lion")).titles).toEqual([]);
  for (const word of ["lion", "li", "zebra", "unique", "mp4"]) {
    expect((await rowsOf(word)).filter(({ sk }) => sk === id)).toEqual([]);
  }
});

test("a row that a change has left over finds nothing", async () => {
  const [row] = await old(["Kept.mp4"]);
  if (!row) throw new Error("There is no row.");
  const { id, ownerId } = row;
  await Table.transact(
    Search.writes({ id, ownerId, title: "Gone wrong", fileName: "x" }, undefined),
  );
  expect(await rowsOf("wrong")).toHaveLength(1);
  expect((await search("wrong")).titles).toEqual([]);
});

test("a page reads a limited number of rows, and the next one continues", async () => {
  const rows = Array.from({ length: 520 }, (_, at) =>
    jobRow({ title: at === 3 ? "common needle" : "common hay", created: START + at * 1000 }),
  );
  await fill(rows);
  // Both lists are long, and one video is in both.
  const words = (title: string) => Search.entryOf({ title, fileName: "" }).words;
  await fill(
    rows.flatMap((row, at) => [
      { ...Table.key.word("local", "common", row.id), words: words(row.title) },
      { ...Table.key.word("local", at === 3 ? "needle" : "hay", row.id), words: words(row.title) },
      { ...Table.key.word("local", "need", row.id), words: words(row.title) },
    ]),
  );
  const first = await search("common needle");
  expect(first.titles).toEqual([]);
  expect(first.cursor).toBeDefined();
  const second = await search("common needle", { cursor: first.cursor });
  expect(second).toEqual({ titles: ["common needle"], cursor: undefined });
});
