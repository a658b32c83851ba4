import { expect, test } from "vitest";
import { runAll } from "./bulk.ts";

const ids = Array.from({ length: 10 }, (_, at) => `job_${at}`);

test("acts on each job once, and reports how many are settled", async () => {
  const seen: string[] = [];
  const progress: number[] = [];
  const failed = await runAll({
    ids,
    batch: 4,
    async act(some) {
      seen.push(...some);
      return [];
    },
    onProgress: (settled) => progress.push(settled),
  });
  expect(failed).toEqual([]);
  expect(seen).toEqual(ids);
  expect(progress).toEqual([4, 8, 10]);
});

test("continues after failures, and returns the reason for each job", async () => {
  const seen: string[] = [];
  const failed = await runAll({
    ids,
    batch: 2,
    async act(some) {
      seen.push(...some);
      if (some.includes("job_4")) throw new Error("The server rests.");
      return some.includes("job_1") ? [{ id: "job_1", message: "It is gone." }] : [];
    },
    onProgress: () => undefined,
  });
  expect(seen.sort()).toEqual(ids);
  expect(failed.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: "job_1", message: "It is gone." },
    { id: "job_4", message: "The server rests." },
    { id: "job_5", message: "The server rests." },
  ]);
});
