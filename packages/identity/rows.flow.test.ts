import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { expect, test } from "vitest";
import { openRows } from "./rows.ts";

async function begin() {
  const folder = join(await mkdtemp(join(tmpdir(), "rushes-rows-")), "rows");
  const clock = { now: Date.now() };
  const open = () => openRows(folder, () => clock.now);
  return { folder, clock, open };
}

test("keeps rows and their index over a restart until they expire", async () => {
  const { clock, open } = await begin();
  const before = await open();
  await before.adapter("Session").upsert("one", { accountId: "ann", uid: "uid" }, 60);
  await before.close();

  const rows = await open();
  const sessions = rows.adapter("Session");
  expect(await sessions.find("one")).toMatchObject({ accountId: "ann" });
  expect(await sessions.findByUid("uid")).toMatchObject({ accountId: "ann" });
  expect(await rows.adapter("Grant").find("one")).toBeUndefined();
  clock.now += 60_000;
  expect(await sessions.find("one")).toBeUndefined();
  expect(await sessions.findByUid("uid")).toBeUndefined();
  await rows.close();
});

test("deletes expired rows with their index entries, and no others", async () => {
  const { folder, clock, open } = await begin();
  const before = await open();
  const sessions = before.adapter("Session");
  await sessions.upsert("short", { uid: "a", accountId: "ann" }, 60);
  // A session keeps its uid when its id changes.
  await sessions.upsert("old", { uid: "b", accountId: "bob" }, 60);
  await sessions.upsert("new", { uid: "b", accountId: "bob" }, 3600);
  await before.close();
  clock.now += 61_000;

  await (await open()).close();

  const level = new ClassicLevel(folder);
  const keys = await level.keys().all();
  await level.close();
  expect(keys).toEqual(["row!Session!new", "uid!Session!b"]);
});

test("revokes the rows of a grant", async () => {
  const { open } = await begin();
  const rows = await open();
  const [codes, tokens] = [rows.adapter("AuthorizationCode"), rows.adapter("AccessToken")];
  await codes.upsert("c", { grantId: "g" }, 60);
  await tokens.upsert("t", { grantId: "g" }, 60);
  await tokens.upsert("other", { grantId: "h" }, 60);

  await codes.revokeByGrantId("g");

  expect([await codes.find("c"), await tokens.find("t")]).toEqual([undefined, undefined]);
  expect(await tokens.find("other")).toBeDefined();
  await rows.close();
});

test("lets one of several simultaneous requests consume a code", async () => {
  const { open } = await begin();
  const rows = await open();
  const codes = rows.adapter("AuthorizationCode");
  await codes.upsert("c", { grantId: "g" }, 60);

  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => codes.consume("c")));

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await codes.find("c")).toMatchObject({ consumed: expect.any(Number) });
  await rows.close();
});
