import { parseTime } from "./controls/time-link.ts";

/** How a URL starts the player. */
export type StartOptions = {
  /** Undefined if the URL does not say where to begin. */
  atSeconds: number | undefined;
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
};

/**
 * Reads `?t=1m30s` of a page, and `?autoplay=1&muted=1&loop=1&start=90` of an embed. Browsers block playback with sound
 * before a click, so `autoplay` needs `muted` to work everywhere.
 */
export function startOptions(search: string): StartOptions {
  const query = new URLSearchParams(search);
  const isOn = (name: string) => query.get(name) === "1";
  return {
    atSeconds: parseTime(query.get("t")) ?? parseTime(query.get("start")),
    autoplay: isOn("autoplay"),
    muted: isOn("muted"),
    loop: isOn("loop"),
  };
}
