import type { Info } from "@rushes/core/playback/schema";

export type Offer = Pick<Info["renditions"][number], "label" | "url"> & {
  /** When the address ends, as `Date.now()` counts. */
  ends: number;
};
export type Label = Offer["label"];

/** Where the element stood when its address was exchanged; given back once the new file is known. */
export type Place = { atSeconds: number; playing: boolean; rate: number };

/**
 * What the video element is to show. The address stays the same while it works: each answer of the
 * API signs a new one, and a new address would start the video anew.
 */
export type State =
  | { phase: "empty" }
  | {
      phase: "showing";
      label: Label;
      url: string;
      ends: number;
      place: Place;
      refreshes: number;
    }
  /** The address has expired or broken; a fresh one has been asked for. */
  | { phase: "refreshing"; label: Label; url: string; place: Place; refreshes: number }
  | { phase: "failed"; label: Label; url: string; place: Place };

export type Action =
  | { type: "offered"; offers: readonly Offer[] }
  | { type: "chosen"; label: Label; offers: readonly Offer[]; place: Place }
  | { type: "broke"; place: Place }
  /** The next bytes are about to be asked for: with an address that has ended they would not come. */
  | { type: "needed"; offers: readonly Offer[]; place: Place; now: number }
  | { type: "advanced" }
  | { type: "again"; place: Place };

export const EMPTY: State = { phase: "empty" };
export const START: Place = { atSeconds: 0, playing: false, rate: 1 };

/** Best first. An early viewer of a half-done job gets whatever is there. */
const PREFERRED: readonly Label[] = ["1080p", "720p", "web-720p"];

/** A file that does not play with a second fresh address will not play with a third. */
const MAX_REFRESHES = 2;

/** The offers in the order in which a person picks from them. */
export function inOrder<O extends Pick<Offer, "label">>(offers: readonly O[]): O[] {
  return [...offers].sort((a, b) => PREFERRED.indexOf(a.label) - PREFERRED.indexOf(b.label));
}

function show(offer: Offer | undefined, place: Place, refreshes = 0): State {
  if (!offer) return { phase: "empty" };
  const { label, url, ends } = offer;
  return { phase: "showing", label, url, ends, place, refreshes };
}

export function playback(state: State, action: Action): State {
  switch (action.type) {
    case "offered": {
      if (state.phase === "empty") return show(inOrder(action.offers)[0], START);
      const same = action.offers.find((offer) => offer.label === state.label);
      if (!same) return show(inOrder(action.offers)[0], state.place);
      if (state.phase !== "refreshing") return state;
      // The answer may come out of the cache with the broken address: keep waiting for a fresh one.
      return same.url === state.url ? state : show(same, state.place, state.refreshes);
    }
    case "chosen": {
      const offer = action.offers.find(({ label }) => label === action.label);
      return offer ? show(offer, action.place) : state;
    }
    case "needed": {
      if (state.phase !== "showing" || state.ends > action.now) return state;
      const fresh = action.offers.find(
        (offer) => offer.label === state.label && offer.ends > action.now,
      );
      if (fresh) return show(fresh, action.place, state.refreshes);
      return playback(state, { type: "broke", place: action.place });
    }
    case "broke":
      if (state.phase !== "showing") return state;
      if (state.refreshes >= MAX_REFRESHES)
        return { ...state, phase: "failed", place: action.place };
      return { ...state, phase: "refreshing", place: action.place, refreshes: state.refreshes + 1 };
    case "advanced":
      return state.phase === "showing" && state.refreshes > 0 ? { ...state, refreshes: 0 } : state;
    case "again":
      return state.phase === "failed"
        ? { ...state, phase: "refreshing", refreshes: 0, place: action.place }
        : state;
  }
}
