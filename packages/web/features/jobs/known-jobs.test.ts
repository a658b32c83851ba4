import { expect, it } from "vitest";
import { id, job } from "./factories.ts";
import { knownJob, recordChanges, subscribeKnown } from "./known-jobs.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;
const change = (n: number, status: "progressing" | "rejected", second: number) => ({
  type: "job" as const,
  job: job({ n, status, updated: at(second) }),
});
const status = (n: number) => {
  const known = knownJob(id("job", n));
  return typeof known === "object" ? known.status : known;
};

it("keeps the newest data of a job, in any order of polls and lists", () => {
  recordChanges([change(1, "rejected", 5)]);
  recordChanges([change(1, "progressing", 4)]);
  expect(status(1)).toBe("rejected");
});

it("keeps a job deleted when an older list still has it", () => {
  recordChanges([
    change(2, "progressing", 1),
    { type: "deleted", id: id("job", 2) as never, time: at(2) },
  ]);
  recordChanges([change(2, "progressing", 9)]);
  expect(status(2)).toBe("deleted");
});

it("notifies listeners once per response, and only about changes", () => {
  let calls = 0;
  const stop = subscribeKnown(() => {
    calls += 1;
  });
  recordChanges([change(3, "progressing", 1), change(4, "progressing", 1)]);
  recordChanges([change(3, "progressing", 1)]);
  stop();
  expect(calls).toBe(1);
});
