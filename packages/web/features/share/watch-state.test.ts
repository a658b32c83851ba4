import { describe, expect, it } from "vitest";
import type { WatchResult } from "./watch-result.ts";
import { ASKING, askAgainMs, type State, watch } from "./watch-state.ts";

const opened = (labels: readonly "720p"[] = ["720p"]): WatchResult => ({
  type: "opened",
  video: {
    title: "clip",
    playback: {
      complete: true,
      expires: "2026-01-01T00:01:00.000Z",
      renditions: labels.map((label) => ({ label, kind: "mp4", url: `https://s3/${label}` })),
    },
  },
});
const rejected = (status: number, message = "No."): WatchResult => ({
  type: "rejected",
  status,
  message,
});
const next = (from: State, answer: WatchResult, guessed = false) =>
  watch(from, { answer, guessed });
const open = next(ASKING, opened());

describe("the state of a visitor's page", () => {
  it("closes as soon as the link stops working, also during playback", () => {
    expect(next(open, rejected(404))).toEqual({ phase: "closed", watched: true });
    expect(next(ASKING, rejected(404))).toEqual({ phase: "closed", watched: false });
    const locked = next(ASKING, rejected(401));
    expect(next(locked, rejected(404), true)).toEqual({ phase: "closed", watched: false });
  });

  it("requests the password, and explains a wrong one", () => {
    const locked = next(ASKING, rejected(401, "It asks for one."));
    expect(locked).toEqual({ phase: "locked" });
    const wrong = next(locked, rejected(401, "That is not it."), true);
    expect(wrong).toEqual({ phase: "locked", problem: "That is not it." });
    const waits = next(wrong, rejected(429, "Wait."), true);
    expect(waits).toEqual({ phase: "locked", problem: "Wait." });
    expect(next(waits, opened(), true)).toMatchObject({ phase: "open" });
  });

  it("keeps playing while the server fails, and retries more often", () => {
    const failed = next(next(open, rejected(503)), rejected(0));
    expect(failed).toMatchObject({ phase: "open", failures: 2 });
    expect(askAgainMs(failed)).toBeLessThan(askAgainMs(open) ?? 0);
    expect(next(failed, opened())).toEqual(open);
  });

  it("shows the error if nothing was open yet", () => {
    expect(next(ASKING, rejected(503, "Down."))).toEqual({ phase: "failed", message: "Down." });
  });

  it("renews before the URLs expire, and often while no rendition is ready", () => {
    expect(askAgainMs(open)).toBe(40_000);
    expect(askAgainMs(next(ASKING, opened([])))).toBe(10_000);
    for (const state of [ASKING, next(open, rejected(404)), next(ASKING, rejected(401))]) {
      expect(askAgainMs(state)).toBeUndefined();
    }
  });
});
