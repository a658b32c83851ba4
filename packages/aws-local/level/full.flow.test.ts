/** A database on a disk that fills up: it keeps acknowledged rows, and writes again when there is space. */
import { join } from "node:path";
import { smallDisk } from "@rushes/testing/disk";
import { expect, onTestFinished, test } from "vitest";
import { isDiskFull } from "../disk/full.ts";
import { openLevel } from "./open.ts";

test("keeps acknowledged rows when the disk is full, and writes again without a restart", async () => {
  const disk = smallDisk(48);
  onTestFinished(() => disk.close());
  const folder = join(disk.folder, "rows");
  const { level } = await openLevel<string>(folder);
  const kept: string[] = [];
  const write = async (key: string) => {
    const batch = [{ type: "put" as const, key, value: key.repeat(2000) }];
    await level.batch(batch, { sync: true });
    kept.push(key);
  };
  await write("first");
  await disk.fill();
  let rejected = 0;
  for (let at = 0; at < 50; at += 1) {
    await write(`full-${at}`).catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
      rejected += 1;
    });
  }
  expect(rejected).toBeGreaterThan(0);
  // Reads work on a full disk.
  expect(await level.get("first")).toBe("first".repeat(2000));
  await disk.clear();
  await Promise.all(Array.from({ length: 20 }, (_, at) => write(`after-${at}`)));
  await disk.fill();
  await write("full-again").catch(() => {});
  await disk.clear();
  await write("last");
  await level.close();

  const again = await openLevel<string>(folder);
  expect(again.damage).toEqual([]);
  const keys = await again.level.keys().all();
  expect(keys.toSorted()).toEqual(kept.toSorted());
  await again.level.close();
});
