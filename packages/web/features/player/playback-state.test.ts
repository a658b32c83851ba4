import { describe, expect, it } from "vitest";
import {
  type Action,
  inOrder,
  type Offer,
  type Place,
  playback,
  type State,
} from "./playback-state.ts";

const offer = (label: Offer["label"], signature = 1): Offer => ({
  label,
  url: `https://s3/${label}?signature=${signature}`,
  ends: signature * 60_000,
});
const place = (atSeconds: number): Place => ({ atSeconds, playing: true, rate: 1 });
const run = (...actions: Action[]) => actions.reduce(playback, { phase: "empty" } as State);
const broke = (atSeconds: number, offers: readonly Offer[] = [], now = 0): Action => ({
  type: "broke",
  place: place(atSeconds),
  offers,
  now,
});
const BOTH = [offer("720p"), offer("1080p")];

describe("what the player shows", () => {
  it("is playable the moment one rendition has landed, and stays on it once somebody watches", () => {
    const first = run({ type: "offered", offers: [offer("web-720p")] });
    expect(first).toMatchObject({ phase: "showing", label: "web-720p" });
    const offers = [...BOTH, offer("web-720p", 2)];
    expect(playback(first, { type: "offered", offers })).toBe(first);
  });

  it("goes over to a better one that lands before anybody has begun, and not to a new address", () => {
    const first = run({ type: "offered", offers: [offer("720p")] });
    const better = playback(first, { type: "offered", offers: BOTH, untouched: true });
    expect(better).toMatchObject({ phase: "showing", label: "1080p" });
    const again = [offer("720p", 2), offer("1080p", 2)];
    expect(playback(better, { type: "offered", offers: again, untouched: true })).toBe(better);
  });

  it("starts with the best that is there", () => {
    expect(run({ type: "offered", offers: BOTH })).toMatchObject({ label: "1080p" });
    expect(inOrder([offer("web-720p"), ...BOTH]).map(({ label }) => label)).toEqual([
      "1080p",
      "720p",
      "web-720p",
    ]);
  });

  it("takes the place along to another rendition", () => {
    const state = run(
      { type: "offered", offers: BOTH },
      { type: "chosen", label: "720p", offers: BOTH, place: place(12.5) },
    );
    expect(state).toMatchObject({ label: "720p", url: BOTH[0]?.url, place: place(12.5) });
  });

  it("keeps its place over an address that expired, and waits for one that is new", () => {
    const broken = run({ type: "offered", offers: BOTH }, broke(40));
    expect(broken.phase).toBe("refreshing");
    expect(playback(broken, { type: "offered", offers: BOTH, now: 60_000 })).toBe(broken);
    expect(playback(broken, { type: "offered", offers: [offer("1080p", 2)] })).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      place: place(40),
    });
  });

  it("exchanges an address that has ended before it is needed, at the same place", () => {
    const state = run({ type: "offered", offers: BOTH });
    const need = (signature: number, now: number) =>
      playback(state, {
        type: "needed",
        offers: [offer("720p", signature), offer("1080p", signature)],
        place: place(40),
        now,
      });
    expect(need(2, 59_999)).toBe(state);
    expect(need(2, 60_000)).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      place: place(40),
    });
    expect(need(1, 60_000)).toMatchObject({ phase: "refreshing", place: place(40) });
  });

  it("gives up after two fresh addresses, unless playing went on between", () => {
    const refresh = (signature: number): Action[] => [
      broke(1),
      { type: "offered", offers: [offer("1080p", signature)] },
    ];
    const twice: Action[] = [{ type: "offered", offers: BOTH }, ...refresh(2), ...refresh(3)];
    expect(run(...twice, broke(1)).phase).toBe("failed");
    expect(run(...twice, { type: "advanced" }, broke(1)).phase).toBe("refreshing");
  });

  it("goes on at once with the fresh address that it has, when the old one ends in the middle", () => {
    const ended = broke(40, [offer("720p", 2), offer("1080p", 2)], 60_000);
    expect(run({ type: "offered", offers: BOTH }, ended)).toMatchObject({
      phase: "showing",
      url: "https://s3/1080p?signature=2",
      place: place(40),
    });
  });

  it("loads an address that is still good once more when it was the line that broke", () => {
    const again: Action = { type: "offered", offers: BOTH, now: 59_999 };
    const once = run({ type: "offered", offers: BOTH }, broke(40), again);
    expect(once).toMatchObject({ phase: "showing", url: BOTH[1]?.url, place: place(40) });
    expect(once).toMatchObject({ reloads: 1 });
    expect([broke(40), again, broke(40)].reduce(playback, once).phase).toBe("failed");
  });

  it("can be tried again after it gave up", () => {
    const failed: State = {
      phase: "failed",
      label: "1080p",
      url: "https://s3/old",
      place: place(3),
    };
    expect(playback(failed, { type: "again", place: place(3) })).toMatchObject({
      phase: "refreshing",
      refreshes: 0,
    });
  });
});
