import { describe, expect, it } from "vitest";
import {
  inOrder,
  type Offer,
  type PlayerAction,
  type PlayerState,
  type Position,
  playback,
} from "./playback-state.ts";

const offer = (label: Offer["label"], signature = 1): Offer => ({
  label,
  url: `https://s3/${label}?signature=${signature}`,
  expiresAtMs: signature * 60_000,
});
const position = (atSeconds: number): Position => ({ atSeconds, playing: true, rate: 1 });
const run = (...actions: PlayerAction[]) =>
  actions.reduce(playback, { phase: "empty" } as PlayerState);
const broke = (atSeconds: number, offers: readonly Offer[] = [], now = 0): PlayerAction => ({
  type: "broke",
  position: position(atSeconds),
  offers,
  now,
});
const BOTH = [offer("720p"), offer("1080p")];

describe("playback", () => {
  it("plays the first rendition that is ready, and keeps it while the user watches", () => {
    const first = run({ type: "offered", offers: [offer("web-720p")] });
    expect(first).toMatchObject({ phase: "showing", label: "web-720p" });
    const offers = [...BOTH, offer("web-720p", 2)];
    expect(playback(first, { type: "offered", offers })).toBe(first);
  });

  it("switches to a better rendition before the user starts, but not to a new URL", () => {
    const first = run({ type: "offered", offers: [offer("720p")] });
    const better = playback(first, { type: "offered", offers: BOTH, untouched: true });
    expect(better).toMatchObject({ phase: "showing", label: "1080p" });
    const again = [offer("720p", 2), offer("1080p", 2)];
    expect(playback(better, { type: "offered", offers: again, untouched: true })).toBe(better);
  });

  it("starts with the best rendition", () => {
    expect(run({ type: "offered", offers: BOTH })).toMatchObject({ label: "1080p" });
    expect(inOrder([offer("web-720p"), ...BOTH]).map(({ label }) => label)).toEqual([
      "1080p",
      "720p",
      "web-720p",
    ]);
  });

  it("keeps the position when the user chooses another rendition", () => {
    const state = run(
      { type: "offered", offers: BOTH },
      { type: "chosen", label: "720p", offers: BOTH, position: position(12.5) },
    );
    expect(state).toMatchObject({ label: "720p", url: BOTH[0]?.url, position: position(12.5) });
  });

  it("keeps the position when a URL expires, and waits for a new one", () => {
    const broken = run({ type: "offered", offers: BOTH }, broke(40));
    expect(broken.phase).toBe("refreshing");
    expect(playback(broken, { type: "offered", offers: BOTH, now: 60_000 })).toBe(broken);
    expect(playback(broken, { type: "offered", offers: [offer("1080p", 2)] })).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      position: position(40),
    });
  });

  it("replaces an expired URL before it is used, at the same position", () => {
    const state = run({ type: "offered", offers: BOTH });
    const need = (signature: number, now: number) =>
      playback(state, {
        type: "needed",
        offers: [offer("720p", signature), offer("1080p", signature)],
        position: position(40),
        now,
      });
    expect(need(2, 59_999)).toBe(state);
    expect(need(2, 60_000)).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      position: position(40),
    });
    expect(need(1, 60_000)).toMatchObject({ phase: "refreshing", position: position(40) });
  });

  it("fails after two fresh URLs, unless playback advanced in between", () => {
    const refresh = (signature: number): PlayerAction[] => [
      broke(1),
      { type: "offered", offers: [offer("1080p", signature)] },
    ];
    const twice: PlayerAction[] = [{ type: "offered", offers: BOTH }, ...refresh(2), ...refresh(3)];
    expect(run(...twice, broke(1)).phase).toBe("failed");
    expect(run(...twice, { type: "advanced" }, broke(1)).phase).toBe("refreshing");
  });

  it("continues at once with a fresh URL that it already has", () => {
    const ended = broke(40, [offer("720p", 2), offer("1080p", 2)], 60_000);
    expect(run({ type: "offered", offers: BOTH }, ended)).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      position: position(40),
    });
  });

  it("loads a valid URL once more after a network failure", () => {
    const again: PlayerAction = { type: "offered", offers: BOTH, now: 59_999 };
    const once = run({ type: "offered", offers: BOTH }, broke(40), again);
    expect(once).toMatchObject({ phase: "showing", url: BOTH[1]?.url, position: position(40) });
    expect(once).toMatchObject({ reloads: 1 });
    expect([broke(40), again, broke(40)].reduce(playback, once).phase).toBe("failed");
  });

  it("can be retried after it failed", () => {
    const failed: PlayerState = {
      phase: "failed",
      label: "1080p",
      url: "https://s3/old",
      position: position(3),
    };
    expect(playback(failed, { type: "retried", position: position(3) })).toMatchObject({
      phase: "refreshing",
      refreshes: 0,
    });
  });
});
