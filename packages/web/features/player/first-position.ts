import { positionOf, recall } from "./controls/memory.ts";
import { type Position, START } from "./playback-state.ts";
import { startOptions } from "./start-options.ts";

/**
 * Where a video begins: at the time that the URL says, or where this browser stopped, at the speed that it remembers.
 * `id` names the video.
 */
export function firstPosition(id: string | undefined): Position {
  if (typeof window === "undefined") return START;
  const memory = recall(() => localStorage);
  const { atSeconds = positionOf(memory, id) ?? 0, autoplay } = startOptions(location.search);
  return { atSeconds, playing: autoplay, rate: memory.rate };
}
