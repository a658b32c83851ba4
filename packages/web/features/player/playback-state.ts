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
      /** How often the same address was shown again: the element loads it only when it is told to. */
      reloads: number;
    }
  /** The address has expired or broken; a fresh one has been asked for. */
  | {
      phase: "refreshing";
      label: Label;
      url: string;
      place: Place;
      refreshes: number;
      reloads: number;
    }
  | { phase: "failed"; label: Label; url: string; place: Place };

export type Action =
  /** `untouched` until somebody has chosen a rendition, or begun to watch. */
  | { type: "offered"; offers: readonly Offer[]; now?: number; untouched?: boolean }
  | { type: "chosen"; label: Label; offers: readonly Offer[]; place: Place }
  /** The element failed; the offers may hold a fresh address already. */
  | { type: "broke"; offers: readonly Offer[]; place: Place; now: number }
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

function show(offer: Offer | undefined, place: Place, refreshes = 0, reloads = 0): State {
  if (!offer) return { phase: "empty" };
  const { label, url, ends } = offer;
  return { phase: "showing", label, url, ends, place, refreshes, reloads };
}

export function playback(state: State, action: Action): State {
  switch (action.type) {
    case "offered": {
      const [best] = inOrder(action.offers);
      if (state.phase === "empty") return show(best, START);
      const same = action.offers.find((offer) => offer.label === state.label);
      if (!same) return show(best, state.place);
      // Who came early was given what had landed; a better one takes nothing from who has not begun.
      if (action.untouched && best?.label !== state.label) return show(best, START);
      if (state.phase !== "refreshing") return state;
      if (same.url !== state.url) return show(same, state.place, state.refreshes, state.reloads);
      // The same address is asked for anew only while it is good: then it was the line that broke. Else
      // the answer came out of the cache, and a fresh one is still to come.
      return action.now !== undefined && same.ends > action.now
        ? show(same, state.place, state.refreshes, state.reloads + 1)
        : state;
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
      if (fresh) return show(fresh, action.place, state.refreshes, state.reloads);
      return refreshing(state, action.place);
    }
    case "broke": {
      if (state.phase !== "showing") return state;
      const fresh = action.offers.find(
        ({ label, url, ends }) => label === state.label && url !== state.url && ends > action.now,
      );
      // At once, without a question: the picture stands still for as short as can be.
      return fresh && state.refreshes < MAX_REFRESHES
        ? show(fresh, action.place, state.refreshes + 1, state.reloads)
        : refreshing(state, action.place);
    }
    case "advanced":
      return state.phase === "showing" && state.refreshes > 0 ? { ...state, refreshes: 0 } : state;
    case "again":
      return state.phase === "failed"
        ? { ...state, phase: "refreshing", refreshes: 0, reloads: 0, place: action.place }
        : state;
  }
}

function refreshing(state: State & { phase: "showing" }, place: Place): State {
  if (state.refreshes >= MAX_REFRESHES) return { ...state, phase: "failed", place };
  return { ...state, phase: "refreshing", place, refreshes: state.refreshes + 1 };
}
