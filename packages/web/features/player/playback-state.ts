import { inOrder, type Offer, type OfferId } from "./offers.ts";

/** The position of the element when its URL was replaced. It is restored once the new file has loaded. */
export type Position = { atSeconds: number; playing: boolean; rate: number };

/**
 * The content of the video element. The URL stays the same while it works: every response of the API signs a new one,
 * and a new URL would restart the video.
 */
export type PlayerState =
  | { phase: "empty" }
  | {
      phase: "showing";
      id: OfferId;
      url: string;
      expiresAtMs: number;
      position: Position;
      refreshes: number;
      /** How often the same URL was loaded again. The element does that only on request. */
      reloads: number;
    }
  /** The URL has expired or failed, and a fresh one was requested. */
  | {
      phase: "refreshing";
      id: OfferId;
      url: string;
      position: Position;
      refreshes: number;
      reloads: number;
    }
  | { phase: "failed"; id: OfferId; url: string; position: Position };

export type PlayerAction =
  /** `untouched` until the user has chosen a rendition or started to watch. */
  | {
      type: "offered";
      offers: readonly Offer[];
      now?: number;
      untouched?: boolean;
      position?: Position;
    }
  | { type: "chosen"; id: OfferId; offers: readonly Offer[]; position: Position }
  /** The element failed. The offers may already contain a fresh URL. */
  | { type: "broke"; offers: readonly Offer[]; position: Position; now: number }
  /** The element is about to request more bytes, which an expired URL would not return. */
  | { type: "needed"; offers: readonly Offer[]; position: Position; now: number }
  /** The encode has ended while its stream played. */
  | { type: "completed"; offers: readonly Offer[]; position: Position }
  | { type: "advanced" }
  | { type: "retried"; position: Position };

export const EMPTY: PlayerState = { phase: "empty" };
export const START: Position = { atSeconds: 0, playing: false, rate: 1 };

/** A file that does not play with a second fresh URL will not play with a third. */
const MAX_REFRESHES = 2;

function show(
  offer: Offer | undefined,
  position: Position,
  refreshes = 0,
  reloads = 0,
): PlayerState {
  if (!offer) return { phase: "empty" };
  const { id, url, expiresAtMs } = offer;
  return { phase: "showing", id, url, expiresAtMs, position, refreshes, reloads };
}

export function playback(state: PlayerState, action: PlayerAction): PlayerState {
  switch (action.type) {
    case "offered": {
      const [best] = inOrder(action.offers);
      if (state.phase === "empty") return show(best, action.position ?? START);
      const same = action.offers.find((offer) => offer.id === state.id);
      const unusable = state.id === "original" && state.phase === "failed";
      if (!same || (unusable && best !== same)) {
        return show(best, action.position ?? state.position);
      }
      // An early viewer got what was ready. A better rendition may replace it until they start to watch.
      if (action.untouched && best?.id !== state.id) return show(best, action.position ?? START);
      if (state.phase !== "refreshing") return state;
      if (same.url !== state.url) return show(same, state.position, state.refreshes, state.reloads);
      // The same URL is loaded again only while it is valid: then the network failed. Otherwise the response
      // came from the cache, and a fresh one follows.
      return action.now !== undefined && same.expiresAtMs > action.now
        ? show(same, state.position, state.refreshes, state.reloads + 1)
        : state;
    }
    case "chosen": {
      const offer = action.offers.find(({ id }) => id === action.id);
      return offer ? show(offer, action.position) : state;
    }
    case "needed": {
      if (state.phase !== "showing" || state.expiresAtMs > action.now) return state;
      // hls.js requests many small files, and each request gets the newest signature.
      if (state.id === "hls") return state;
      const fresh = action.offers.find(
        (offer) => offer.id === state.id && offer.expiresAtMs > action.now,
      );
      if (fresh) return show(fresh, action.position, state.refreshes, state.reloads);
      return refreshing(state, action.position);
    }
    case "broke": {
      if (state.phase !== "showing") return state;
      const fresh = action.offers.find(
        ({ id, url, expiresAtMs }) =>
          id === state.id && url !== state.url && expiresAtMs > action.now,
      );
      // At once, without a request, so that the picture stops as briefly as possible.
      return fresh && state.refreshes < MAX_REFRESHES
        ? show(fresh, action.position, state.refreshes + 1, state.reloads)
        : refreshing(state, action.position);
    }
    case "completed": {
      const stream = action.offers.find(({ id }) => id === "hls");
      return state.phase === "showing" && state.id === "hls" && stream
        ? show(stream, action.position, state.refreshes, state.reloads + 1)
        : state;
    }
    case "advanced":
      return state.phase === "showing" && state.refreshes > 0 ? { ...state, refreshes: 0 } : state;
    case "retried":
      return state.phase === "failed"
        ? { ...state, phase: "refreshing", refreshes: 0, reloads: 0, position: action.position }
        : state;
  }
}

function refreshing(state: PlayerState & { phase: "showing" }, position: Position): PlayerState {
  if (state.refreshes >= MAX_REFRESHES) return { ...state, phase: "failed", position };
  return { ...state, phase: "refreshing", position, refreshes: state.refreshes + 1 };
}
