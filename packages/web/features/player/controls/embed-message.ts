/** The messages between an embed and the page that contains it. `docs/player.md` describes them. */

export type EmbedCommand = { type: "play" | "pause" } | { type: "seek"; seconds: number };

/** The command in a message of the containing page. Undefined for any other data. */
export function commandIn(data: unknown): EmbedCommand | undefined {
  const { rushes: type, seconds } = Object(data) as { rushes?: unknown; seconds?: unknown };
  if (type === "play" || type === "pause") return { type };
  if (type === "seek" && typeof seconds === "number" && Number.isFinite(seconds)) {
    return { type, seconds: Math.max(0, seconds) };
  }
  return undefined;
}

/** The events of a video that the containing page receives, with the type of their message. */
export const EMBED_EVENTS = {
  loadedmetadata: "ready",
  play: "play",
  pause: "pause",
  timeupdate: "time",
  seeked: "time",
  ended: "ended",
} as const;
