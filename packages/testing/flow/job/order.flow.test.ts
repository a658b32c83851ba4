import type { Measure } from "@rushes/core/job/measured";
import { indexJobs } from "@rushes/core/pipeline/index-jobs";
import * as Search from "@rushes/core/search/index";
import * as Table from "@rushes/core/table/index";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore();

type Query = { sort: Measure; limit?: number; status?: "error"; cursor?: string };
const page = (query: Query) => core.asOwner(() => core.job.list(query));

async function everyPage(query: Query) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const next = await page({ ...query, cursor });
    pages.push(next.jobs.map(({ title }) => title));
    cursor = next.cursor;
  } while (cursor);
  return pages;
}
/** The sort keys of the owner's rows in an order. */
async function keysOf(by: Measure) {
  const { namePk } = Table.index.measure("local", by, 0, "");
  const rows = await Table.queryAll({ index: "name", partition: namePk });
  return rows.map(({ nameSk }) => String(nameSk));
}

test("jobs of an earlier version are sorted by length and size, before and after an interrupted upgrade", async () => {
  const rows = Array.from({ length: 30 }, (_, at) =>
    jobRow({
      title: `clip ${at}`,
      status: at % 3 === 0 ? "error" : "complete",
      // No two neighbors in one order are neighbors in the other, or in the order of creation.
      sizeBytes: 1 + ((at * 7) % 30) * 10 ** (at % 9),
      durationSeconds: ((at * 11) % 30) + 0.5,
      created: Date.now() - 60_000 + at * 1000,
    }),
  );
  await fill([...rows, jobRow({ title: "somebody else's", ownerId: "other" })]);
  const bySize = rows.toSorted((a, b) => b.source.sizeBytes - a.source.sizeBytes);
  const lengthOf = (row: (typeof rows)[number]) => row.source.media.durationSeconds;
  const byLength = rows.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  const titles = (some: typeof rows) => some.map(({ title }) => title);
  const errors = titles(bySize.filter(({ status }) => status === "error"));

  async function expectOrders() {
    expect((await everyPage({ sort: "size" })).flat()).toEqual(titles(bySize));
    const pages = await everyPage({ sort: "length", limit: 12 });
    expect(pages.map(({ length }) => length)).toEqual([12, 12, 6]);
    expect(pages.flat()).toEqual(titles(byLength));
    expect(await everyPage({ sort: "size", limit: 5, status: "error" })).toEqual([
      errors.slice(0, 5),
      errors.slice(5),
    ]);
  }

  await expectOrders();
  const first = await page({ sort: "size", limit: 4 });
  // An interrupted run: some rows exist, and its progress was not recorded.
  const [row] = rows;
  if (!row) throw new Error("There is no row.");
  await fill([{ ...Table.key.measure(row.id, "length"), ...sortedAs(row, "length") }]);
  await change(Table.key.sortState("local"), dueNow("sort", "local"));
  await core.reconcile();
  expect(await Search.isIndexed("local", "sort")).toBe(true);
  expect(await keysOf("size")).toHaveLength(30);
  await expectOrders();
  // A cursor from before the upgrade.
  const next = await page({ sort: "size", limit: 4, cursor: first.cursor });
  expect(next.jobs.map(({ title }) => title)).toEqual(titles(bySize).slice(4, 8));
  await indexJobs({ ownerId: "local", kind: "sort", done: false });
  await expectOrders();
  await expect(page({ sort: "length", cursor: first.cursor })).rejects.toMatchObject({
    code: "cursor.invalid",
  });
});

const sortedAs = (row: ReturnType<typeof jobRow>, by: Measure) =>
  Table.index.measure(
    row.ownerId,
    by,
    by === "size" ? row.source.sizeBytes : row.source.media.durationSeconds * 1000,
    row.id,
  );

test("a new video is sorted by its size at once and by its length once it is checked, until it is deleted", async () => {
  const clip = await sampleVideo(stack.folder, "long.mp4");
  await core.deliver(await core.put(stack, "text.mp4", Buffer.from("no video")));
  await core.deliver(await core.put(stack, "sorted.mp4", clip));
  const [text, sorted] = [await core.only("text"), await core.only("sorted")];
  const ms = Math.round((sorted.source.media?.durationSeconds ?? 0) * 1000);
  expect(ms).toBeGreaterThan(0);
  const expected = (by: Measure, value: number, id: string) =>
    Table.index.measure("local", by, value, id).nameSk;
  expect(await keysOf("length")).toContain(expected("length", ms, sorted.id));
  expect(await keysOf("length")).toContain(expected("length", 0, text.id));
  expect(await keysOf("size")).toContain(expected("size", clip.length, sorted.id));
  expect(await keysOf("size")).toContain(expected("size", 8, text.id));
  await core.asOwner(() => core.job.remove(core.id(sorted.id)));
  const left = [...(await keysOf("length")), ...(await keysOf("size"))];
  expect(left.filter((key) => key.endsWith(sorted.id))).toEqual([]);
});

test("more jobs than a page may read are sorted only with their rows", async () => {
  await change(Table.key.sortState("local"), { done: false });
  await fill(Array.from({ length: 500 }, () => jobRow({ title: "many" })));
  await expect(page({ sort: "size" })).rejects.toMatchObject({
    code: "sort.preparing",
    retryAfterSeconds: 60,
  });
});
