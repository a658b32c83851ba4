import type { Take } from "@rushes/core/limit/index";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let Limit: typeof import("@rushes/core/limit/index");
let Table: typeof import("@rushes/core/table/index");
let macOf: typeof import("@rushes/core/secret").macOf;
/** The start of a window of one minute. */
const START = Date.parse("2031-05-06T10:00:00.000Z");

beforeAll(async () => {
  stack = await startStack();
  [Limit, Table, { macOf }] = await Promise.all([
    import("@rushes/core/limit/index"),
    import("@rushes/core/table/index"),
    import("@rushes/core/secret"),
  ]);
});
afterAll(() => stack.close());

const take = (of: string, fields: Partial<Take> = {}) =>
  Limit.take({ kind: "sign-in", of, max: 3, windowSeconds: 60, now: START, ...fields });
const limited = (retryAfterSeconds: number) => ({
  ...{ kind: "rate", code: "rate.limited", retryAfterSeconds },
});

test("accepts the allowed number of tries, and returns the wait for the next one", async () => {
  for (let count = 0; count < 3; count += 1) await take("a");
  await expect(take("a")).rejects.toMatchObject(limited(60));
  await expect(take("a", { now: START + 59_999 })).rejects.toMatchObject(limited(1));
});

test("resets the count in a new window, however many tries were rejected before", async () => {
  for (let count = 0; count < 3; count += 1) await take("b");
  for (let count = 0; count < 5; count += 1) await expect(take("b")).rejects.toThrow("Too many");
  for (let count = 0; count < 3; count += 1) await take("b", { now: START + 60_000 });
});

test("counts concurrent tries", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => take("c")));
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(3);
});

test("limits neither other subjects nor other kinds", async () => {
  for (let count = 0; count < 3; count += 1) await take("d");
  await take("e");
  await take("d", { kind: "share-password" });
});

test("deletes the row after its window, and stores no name in it", async () => {
  await take("203.0.113.9");
  const key = Table.key.limit("sign-in", macOf("limit", "sign-in 203.0.113.9"), START / 1000);
  const row = await Table.get(key);
  expect(row).toMatchObject({ hits: 1, ttl: START / 1000 + 60 });
  expect(JSON.stringify(row)).not.toContain("203.0.113.9");
});
