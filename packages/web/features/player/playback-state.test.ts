import { describe, expect, it } from "vitest";
import { inOrder, type Offer, type OfferId } from "./offers.ts";
import { type PlayerAction, type PlayerState, type Position, playback } from "./playback-state.ts";

const offer = (id: OfferId, signature = 1): Offer => ({
  id,
  url: `https://s3/${id}?signature=${signature}`,
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
    expect(first).toMatchObject({ phase: "showing", id: "web-720p" });
    const offers = [...BOTH, offer("web-720p", 2)];
    expect(playback(first, { type: "offered", offers })).toBe(first);
  });

  it("switches to a better rendition before the user starts, but not to a new URL", () => {
    const first = run({ type: "offered", offers: [offer("720p")] });
    const better = playback(first, { type: "offered", offers: BOTH, untouched: true });
    expect(better).toMatchObject({ phase: "showing", id: "1080p" });
    const again = [offer("720p", 2), offer("1080p", 2)];
    expect(playback(better, { type: "offered", offers: again, untouched: true })).toBe(better);
  });

  it("starts with the best rendition", () => {
    expect(run({ type: "offered", offers: BOTH })).toMatchObject({ id: "1080p" });
    expect(inOrder([offer("web-720p"), ...BOTH]).map(({ id }) => id)).toEqual([
      "1080p",
      "720p",
      "web-720p",
    ]);
  });

  it("keeps the position when the user chooses another rendition", () => {
    const state = run(
      { type: "offered", offers: BOTH },
      { type: "chosen", id: "720p", offers: BOTH, position: position(12.5) },
    );
    expect(state).toMatchObject({ id: "720p", url: BOTH[0]?.url, position: position(12.5) });
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

  it("plays the original until something encoded may replace it", () => {
    const original = run({ type: "offered", offers: [offer("original")] });
    const early = [offer("hls"), offer("original", 2)];
    expect(playback(original, { type: "offered", offers: early })).toBe(original);
    expect(playback(original, { type: "offered", offers: early, untouched: true })).toMatchObject({
      id: "hls",
    });
    const moved = playback(original, {
      type: "offered",
      offers: [offer("hls"), ...BOTH],
      position: position(7),
    });
    expect(moved).toMatchObject({ id: "hls", position: position(7) });
    const gone: PlayerAction = { type: "offered", offers: [], position: position(7) };
    expect(playback(original, gone)).toEqual({ phase: "empty" });
  });

  it("replaces an original that cannot be played as soon as something is encoded", () => {
    const failed: PlayerState = {
      phase: "failed",
      id: "original",
      url: "https://s3/old",
      position: position(0),
    };
    const waits = { type: "offered", offers: [offer("original", 2)] } as const;
    expect(playback(failed, waits)).toBe(failed);
    const offers = [offer("hls"), ...waits.offers];
    expect(playback(failed, { type: "offered", offers })).toMatchObject({ id: "hls" });
  });

  it("keeps an HLS URL that has expired, because each of its requests gets the newest signature", () => {
    const state = run({ type: "offered", offers: [offer("hls")] });
    const needed: PlayerAction = {
      type: "needed",
      offers: [offer("hls", 2)],
      position: position(40),
      now: 60_000,
    };
    expect(playback(state, needed)).toBe(state);
  });

  it("loads a stream again at the same position once it is complete", () => {
    const completed: PlayerAction = {
      type: "completed",
      offers: [offer("hls", 2)],
      position: position(40),
    };
    expect(playback(run({ type: "offered", offers: [offer("hls")] }), completed)).toMatchObject({
      phase: "showing",
      url: "https://s3/hls?signature=2",
      position: position(40),
      reloads: 1,
    });
    const file = run({ type: "offered", offers: BOTH });
    expect(playback(file, completed)).toBe(file);
  });

  it("can be retried after it failed", () => {
    const failed: PlayerState = {
      phase: "failed",
      id: "1080p",
      url: "https://s3/old",
      position: position(3),
    };
    expect(playback(failed, { type: "retried", position: position(3) })).toMatchObject({
      phase: "refreshing",
      refreshes: 0,
    });
  });
});
