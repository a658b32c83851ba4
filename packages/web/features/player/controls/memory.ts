/** What a browser remembers about the player. media-chrome itself remembers the volume. */

const KEY = "rushes-player";
/** Older positions are forgotten, so that the storage stays small. */
const MOST_VIDEOS = 100;
/** So close to either end, a video begins at its beginning. Of a short video, a tenth of it. */
const ENDS_SECONDS = 5;
const ENDS_PART = 0.1;

export const SIZES = ["small", "normal", "large", "huge"] as const;
export const BACKGROUNDS = ["dark", "half", "none"] as const;
/** How captions look. */
export type CaptionsStyle = {
  size: (typeof SIZES)[number];
  background: (typeof BACKGROUNDS)[number];
};

export type Memory = {
  rate: number;
  /** The language of the captions that are on. Empty if they are off. */
  captions: string;
  style: CaptionsStyle;
  /** Positions by video, the latest last. */
  positions: [id: string, atSeconds: number][];
};

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

const isPosition = (one: unknown): one is [string, number] =>
  Array.isArray(one) && typeof one[0] === "string" && Number.isFinite(one[1]);

function styleOf(stored: unknown): CaptionsStyle {
  const { size, background } = Object(stored) as Record<keyof CaptionsStyle, unknown>;
  return {
    size: SIZES.find((one) => one === size) ?? "normal",
    background: BACKGROUNDS.find((one) => one === background) ?? "dark",
  };
}

/** What was stored. Anything invalid is left out, and a browser may forbid its storage. */
export function recall(storage: () => Storage): Memory {
  const memory: Memory = { rate: 1, captions: "", style: styleOf(undefined), positions: [] };
  try {
    const stored: unknown = JSON.parse(storage().getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return memory;
    const { rate, captions, style, positions } = stored as Record<keyof Memory, unknown>;
    if (typeof rate === "number" && rate >= 0.25 && rate <= 2) memory.rate = rate;
    if (typeof captions === "string") memory.captions = captions;
    memory.style = styleOf(style);
    if (Array.isArray(positions)) memory.positions = positions.filter(isPosition);
  } catch {
    // The storage is forbidden or damaged. The player then begins as for a new visitor.
  }
  return memory;
}

/** Stores a change, together with what other tabs have stored meanwhile. */
export function store(storage: () => Storage, change: (memory: Memory) => Memory): void {
  try {
    storage().setItem(KEY, JSON.stringify(change(recall(storage))));
  } catch {
    // The storage is forbidden or full.
  }
}

/** Remembers a position as the latest, or forgets it near either end. */
export function withPosition(
  memory: Memory,
  id: string,
  at: { seconds: number; duration: number },
): Memory {
  const others = memory.positions.filter(([other]) => other !== id);
  const ends = Math.min(ENDS_SECONDS, at.duration * ENDS_PART);
  const isInside = at.seconds >= ends && at.seconds <= at.duration - ends;
  const positions: Memory["positions"] = isInside ? [...others, [id, at.seconds]] : others;
  return { ...memory, positions: positions.slice(-MOST_VIDEOS) };
}

/** The remembered position of a video. Undefined if nothing is stored. */
export const positionOf = (memory: Memory, id: string | undefined): number | undefined =>
  memory.positions.find(([other]) => other === id)?.[1];
