import { describe, expect, it } from "vitest";
import { job } from "./factories.ts";
import {
  type Changes,
  type LiveEnvironment,
  nextDelayMs,
  pollNow,
  subscribeJobs,
} from "./live-jobs.ts";

/** A page whose clock and visibility the test controls. */
function page() {
  let hidden = false;
  let now = 0;
  const listeners = new Set<() => void>();
  const timers = new Set<{ ms: number; run: () => void }>();
  const env: LiveEnvironment = {
    isHidden: () => hidden,
    onVisibility(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    after(ms, run) {
      const timer = { ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    nowMs: () => now,
  };
  return {
    env,
    waits: () => [...timers].map((timer) => timer.ms),
    listening: () => listeners.size,
    pass(ms: number) {
      now += ms;
    },
    show(visible: boolean) {
      hidden = !visible;
      for (const listener of listeners) listener();
    },
    /** Runs the one pending timer, and waits for the work that it starts. */
    async turn() {
      for (const timer of [...timers]) {
        timers.delete(timer);
        timer.run();
      }
      await settled();
    },
  };
}

async function settled() {
  for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
}

function server(answers: (Changes | Error)[]) {
  const asked: string[] = [];
  return {
    asked,
    async fetchChanges(since: string): Promise<Changes> {
      asked.push(since);
      const answer = answers.shift() ?? { changes: [], nextSince: since, more: false };
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

type Options = { busy?: boolean; answers?: (Changes | Error)[]; apply?(): Promise<void> };

function follow(options: Options = {}) {
  const at = page();
  const api = server(options.answers ?? []);
  const seen: string[] = [];
  const states: string[] = [];
  const stop = subscribeJobs(
    {
      since: "t0",
      fetchChanges: api.fetchChanges,
      isBusy: () => options.busy ?? false,
      async onChanges(changes) {
        await options.apply?.();
        seen.push(...changes.map((change) => change.type));
      },
      onState: (state) => states.push(state),
      onStale: () => states.push("stale"),
    },
    at.env,
  );
  return { at, api, seen, states, stop };
}

const changesUntil = (nextSince: string, more = false): Changes => ({
  changes: [{ type: "job", job: job() }],
  nextSince,
  more,
});

describe("subscribeJobs", () => {
  it("continues at the server's cursor, and at once while there is more", async () => {
    const { at, api, seen } = follow({ answers: [changesUntil("t1", true), changesUntil("t2")] });
    await at.turn();
    expect(at.waits()).toEqual([0]);
    await at.turn();
    await at.turn();
    expect(api.asked).toEqual(["t0", "t1", "t2"]);
    expect(seen).toEqual(["job", "job"]);
  });

  it("fetches changes again that could not be applied", async () => {
    const errors = [new Error("The code did not load.")];
    const { at, api, seen, states } = follow({
      answers: [changesUntil("t1"), changesUntil("t1")],
      async apply() {
        const error = errors.pop();
        if (error) throw error;
      },
    });
    await at.turn();
    await at.turn();
    expect(api.asked).toEqual(["t0", "t0"]);
    expect(seen).toEqual(["job"]);
    expect(states).toEqual(["interrupted", "live"]);
  });

  it("polls faster while something is in flight", () => {
    expect(follow({ busy: true }).at.waits()).toEqual([nextDelayMs(true, 0)]);
    expect(nextDelayMs(true, 0)).toBeLessThan(nextDelayMs(false, 0));
  });

  it("does not poll in a hidden tab, and polls at once when it is visible again", async () => {
    const { at, api } = follow();
    at.show(false);
    expect(at.waits()).toEqual([]);
    at.show(true);
    await settled();
    expect(api.asked).toEqual(["t0"]);
  });

  it("fetches everything again after a long time in a hidden tab", async () => {
    const { at, api, states } = follow();
    at.show(false);
    at.pass(3_600_000);
    at.show(true);
    await settled();
    expect(states).toEqual(["stale"]);
    expect(api.asked).toEqual([]);
  });

  it("reports an interruption, backs off, and recovers", async () => {
    const { at, states } = follow({
      answers: [new Error("down"), new Error("down"), changesUntil("t1")],
    });
    await at.turn();
    const first = at.waits()[0] ?? 0;
    await at.turn();
    expect(at.waits()[0]).toBeGreaterThan(first);
    await at.turn();
    expect(states).toEqual(["interrupted", "interrupted", "live"]);
    expect(nextDelayMs(true, 40)).toBe(30_000);
  });

  it("polls once for two calls of pollNow", async () => {
    const { api, stop } = follow();
    pollNow();
    pollNow();
    await settled();
    expect(api.asked).toEqual(["t0"]);
    stop();
  });

  it("stops its timer, its request and its listeners", async () => {
    const { at, api, stop } = follow();
    stop();
    pollNow();
    await at.turn();
    expect(api.asked).toEqual([]);
    expect([at.waits().length, at.listening()]).toEqual([0, 0]);
  });
});
