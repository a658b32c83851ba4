import * as Actor from "@rushes/core/actor";
import { indexJobs } from "@rushes/core/pipeline/index-jobs";
import * as Search from "@rushes/core/search/index";
import * as Table from "@rushes/core/table/index";
import { beforeEach, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { OWNER } from "../../owner.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";

const { core } = await startCore();
let owner = "";
let owners = 0;
beforeEach(() => {
  owners += 1;
  owner = `owner ${owners}`;
});

const asOwner = <R>(run: () => R) => Actor.withActor({ ...OWNER, ownerId: owner }, run);
/** The counts as the API returns them. */
const counted = async () => (await asOwner(() => core.job.counts(undefined))).tags;
const rows = () => Table.queryAll({ partition: Table.key.tag(owner, "").pk });
const tag = (id: string, changes: { add?: string[]; remove?: string[] }) =>
  asOwner(() => core.job.tag({ id: core.id(id), ...changes }));

/** Jobs without search rows, as earlier versions created them. */
async function jobs(count: number, tags?: string[]) {
  const made = Array.from({ length: count }, () => ({ ...jobRow({ ownerId: owner }), tags }));
  await fill(made);
  return made.map(({ id }) => id);
}
async function one(tags?: string[]): Promise<string> {
  const [id = ""] = await jobs(1, tags);
  return id;
}

test("each change of a video's tags changes the counts once, and a deletion lowers them", async () => {
  const [first, second] = [await one(), await one()];
  await tag(first, { add: ["Zürich", "draft"] });
  await tag(second, { add: ["ZURICH", "alps"] });
  // The same tag in another spelling, and a tag that it does not have, change nothing.
  await tag(second, { add: ["zurich"], remove: ["draft"] });
  await asOwner(() => core.job.rename({ id: core.id(first), title: "Renamed" }));
  expect(await counted()).toEqual([
    { tag: "alps", count: 1 },
    { tag: "draft", count: 1 },
    { tag: "ZURICH", count: 2 },
  ]);
  await tag(second, { remove: ["Alps"] });
  await asOwner(() => core.job.remove(core.id(first)));
  expect(await counted()).toEqual([{ tag: "ZURICH", count: 1 }]);
  expect(await rows()).toHaveLength(1);
  await asOwner(() => core.job.remove(core.id(second)));
  expect(await rows()).toEqual([]);
});

test("changes of many videos at the same time are all counted", async () => {
  const ids = await jobs(12);
  await Promise.all(ids.map((id) => tag(id, { add: ["batch"] })));
  expect(await counted()).toEqual([{ tag: "batch", count: 12 }]);
  const [first = "", ...others] = ids;
  await Promise.all([
    tag(first, { remove: ["batch"] }),
    tag(first, { remove: ["batch"] }),
    ...others.slice(0, 3).map((id) => asOwner(() => core.job.remove(core.id(id)))),
  ]);
  expect(await counted()).toEqual([{ tag: "batch", count: 8 }]);
});

test("a deletion that is repeated lowers the counts once", async () => {
  const [id] = [await one(), await one()];
  await tag(id, { add: ["kept"] });
  await tag(await one(), { add: ["kept"] });
  const row = await Table.get(Table.key.indexed(id));
  if (!row) throw new Error("The job has no search rows.");
  await Promise.all([Search.removeRows(id, row), Search.removeRows(id, row)]);
  expect(await counted()).toEqual([{ tag: "kept", count: 1 }]);
});

test("ten other tags for the longest title fit into one change", async () => {
  const words = Array.from({ length: 20 }, (_, at) => `${at}word${"x".repeat(5)}`.padEnd(9, "y"));
  const title = words.join(" ").slice(0, 200);
  const row = jobRow({ ownerId: owner, title });
  await fill([row]);
  expect(Search.entryOf(row).keys).toHaveLength(64);
  const ten = (name: string) => Array.from({ length: 10 }, (_, at) => `${name} ${at}`);
  await tag(row.id, { add: ten("old") });
  await tag(row.id, { add: ten("new"), remove: ten("old") });
  expect(await counted()).toEqual(ten("new").map((name) => ({ tag: name, count: 1 })));
});

test("tags of videos of an earlier version are counted after an upgrade, also if it was interrupted", async () => {
  await jobs(30, ["early"]);
  const [indexed, changed] = [await one(["early"]), await one(["early", "late"])];
  // As an earlier version has indexed it.
  const job = { id: indexed, ownerId: owner, title: "x", fileName: "x", tags: ["early"] };
  await Table.transact(Search.writes(job, undefined));
  await Table.apply(
    Table.update({ key: Table.key.indexed(indexed), remove: ["counted"], set: { version: 7 } }),
  );
  await Table.removeAll([Table.key.tag(owner, "#early")]);
  await tag(changed, { remove: ["late"] });
  // The first request of the counts starts it.
  expect(await counted()).toEqual([{ tag: "early", count: 1 }]);
  await change(Table.key.tagsState(owner), dueNow("search", owner));
  await core.reconcile();
  const all = [{ tag: "early", count: 32 }];
  expect(await counted()).toEqual(all);
  expect(await Search.isIndexed(owner, "tags")).toBe(true);
  await indexJobs({ ownerId: owner, kind: "tags", done: false });
  expect(await counted()).toEqual(all);
});
