import { expect, test } from "vitest";
import { quiet, type Ringing } from "./quiet.ts";

const since = new Date("2026-11-23T05:00:00Z");
const rings = (name: string, at: string): Ringing => ({
  AlarmName: name,
  AlarmDescription: "look at its logs",
  StateTransitionedTimestamp: at,
});

/** Answers one list for each look, and counts what was waited. */
function watch(lists: Ringing[][]) {
  const waited = { times: 0 };
  const left = [...lists];
  const done = quiet({
    look: async () => left.shift() ?? [],
    since,
    looks: lists.length - 1,
    wait: async () => {
      waited.times += 1;
    },
  });
  return { waited, done };
}

test("a delivery goes on when no alarm begins to ring, having looked until the end", async () => {
  const { waited, done } = watch([[], [], []]);
  await done;
  expect(waited.times).toBe(2);
});

test("a delivery stops at the first alarm, and says what it is about", async () => {
  const { waited, done } = watch([[], [rings("rushes-staging-Dead", "2026-11-23T05:01:00Z")], []]);
  await expect(done).rejects.toThrow("rushes-staging-Dead: look at its logs");
  expect(waited.times).toBe(1);
});

test("an alarm that rang before does not stop the commit that may mend it", async () => {
  const { done } = watch([[rings("rushes-staging-Dead", "2026-11-23T04:59:59Z")], []]);
  await expect(done).resolves.toBeUndefined();
});

test("an alarm that rings in the last look stops it, too", async () => {
  const { done } = watch([[], [rings("rushes-staging-Dead", "2026-11-23T05:00:00Z")]]);
  await expect(done).rejects.toThrow("an alarm rings");
});
