import { expect, test } from "vitest";
import { positionOf, recall, store, withPosition } from "./memory.ts";

function storageWith(text: string | null) {
  let value = text;
  return () => ({
    getItem: () => value,
    setItem: (_: string, next: string) => {
      value = next;
    },
  });
}
const USUAL = { size: "normal", background: "dark" } as const;
const EMPTY = { rate: 1, captions: "", style: USUAL, positions: [] };

test("reads back what it stored", () => {
  const storage = storageWith(null);
  store(storage, (memory) =>
    withPosition(
      { ...memory, rate: 1.5, captions: "de", style: { size: "huge", background: "none" } },
      "job_1",
      { seconds: 30, duration: 60 },
    ),
  );
  const memory = recall(storage);
  expect(memory).toMatchObject({
    rate: 1.5,
    captions: "de",
    style: { size: "huge", background: "none" },
  });
  expect(positionOf(memory, "job_1")).toBe(30);
  expect(positionOf(memory, undefined)).toBeUndefined();
});

test("begins again if the storage is damaged or forbidden", () => {
  for (const text of [
    "{",
    "null",
    "7",
    '{"rate":99,"captions":1,"style":{"size":7},"positions":[[1,2],null]}',
  ])
    expect(recall(storageWith(text)), text).toEqual(EMPTY);
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  expect(recall(forbidden)).toEqual(EMPTY);
  expect(() => store(forbidden, (memory) => memory)).not.toThrow();
});

test("keeps the latest hundred positions, and none near the ends", () => {
  let memory = recall(storageWith(null));
  const at = { seconds: 30, duration: 60 };
  for (let n = 0; n < 150; n += 1) memory = withPosition(memory, `job_${n}`, at);
  expect(memory.positions).toHaveLength(100);
  expect(positionOf(memory, "job_149")).toBe(30);
  expect(positionOf(memory, "job_0")).toBeUndefined();
  for (const seconds of [2, 58])
    expect(
      positionOf(withPosition(memory, "job_149", { ...at, seconds }), "job_149"),
    ).toBeUndefined();
  const short = { seconds: 3, duration: 7 };
  expect(positionOf(withPosition(memory, "job_short", short), "job_short")).toBe(3);
});
