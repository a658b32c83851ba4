import { expect, test } from "vitest";
import { type Alarm, quiet } from "./quiet.ts";

const since = new Date("2026-11-23T05:00:00Z");
const alarm = (name: string, at: string): Alarm => ({
  AlarmName: name,
  AlarmDescription: "look at its logs",
  StateTransitionedTimestamp: at,
});

/** Returns one list for each poll, and counts the waits. */
function watch(lists: Alarm[][]) {
  const waited = { times: 0 };
  const left = [...lists];
  const done = quiet({
    firing: async () => left.shift() ?? [],
    since,
    repeats: lists.length - 1,
    wait: async () => {
      waited.times += 1;
    },
  });
  return { waited, done };
}

test("continues if no alarm starts to fire until the last poll", async () => {
  const { waited, done } = watch([[], [], []]);
  await done;
  expect(waited.times).toBe(2);
});

test("stops at the first alarm and prints its description", async () => {
  const { waited, done } = watch([[], [alarm("rushes-staging-Dead", "2026-11-23T05:01:00Z")], []]);
  await expect(done).rejects.toThrow("rushes-staging-Dead: look at its logs");
  expect(waited.times).toBe(1);
});

test("ignores an alarm that was already firing", async () => {
  const { done } = watch([[alarm("rushes-staging-Dead", "2026-11-23T04:59:59Z")], []]);
  await expect(done).resolves.toBeUndefined();
});

test("stops for an alarm in the last poll", async () => {
  const { done } = watch([[], [alarm("rushes-staging-Dead", "2026-11-23T05:00:00Z")]]);
  await expect(done).rejects.toThrow("an alarm fires");
});
