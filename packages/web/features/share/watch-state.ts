import { LIFE_SECONDS } from "@rushes/core/share/life";
import type { Opened } from "@rushes/core/share/schema";
import { hasMedia } from "../player/offers.ts";
import type { WatchResult } from "./watch-result.ts";

/** The state of a share link's page. */
export type State =
  | { phase: "asking" }
  | { phase: "locked"; problem?: string }
  /** `failures` counts the failed requests since the last response. The video plays until its URLs expire. */
  | { phase: "open"; video: Opened; failures: number }
  /** Revoked, expired, or never existed. `watched` is true if it was open just before. */
  | { phase: "closed"; watched: boolean }
  | { phase: "failed"; message: string };

export type Action = { answer: WatchResult; guessed: boolean };

export const ASKING: State = { phase: "asking" };

/** The video is requested again this long before its URLs expire: a revoked one stops within a minute. */
const AHEAD_MS = 20_000;
const UNREADY_MS = 10_000;
const FAILED_MS = 5_000;

export function watch(state: State, { answer, guessed }: Action): State {
  if (answer.type === "opened") return { phase: "open", video: answer.video, failures: 0 };
  const { status, message } = answer;
  if (status === 404) return { phase: "closed", watched: state.phase === "open" };
  if (status === 401) return guessed ? { phase: "locked", problem: message } : { phase: "locked" };
  if (state.phase === "open") return { ...state, failures: state.failures + 1 };
  if (state.phase === "locked") return { phase: "locked", problem: message };
  return { phase: "failed", message };
}

/** Milliseconds until the next request; undefined if the visitor must act first. */
export function askAgainMs(state: State): number | undefined {
  if (state.phase !== "open") return undefined;
  if (state.failures > 0) return FAILED_MS;
  if (!hasMedia(state.video.playback)) return UNREADY_MS;
  return LIFE_SECONDS * 1000 - AHEAD_MS;
}
