/** The small pictures that a player shows above its timeline. Pure. */
import { displaySize, type LadderSource } from "./ladder.ts";

export interface Storyboard {
  /** Of one picture, in pixels. The width is a multiple of 8 and the height of 2, as MediaConvert requires. */
  width: number;
  height: number;
  /** Seconds between two pictures. */
  intervalSeconds: number;
  /** Of one tile, which is one file. */
  columns: number;
  rows: number;
}

const LONG_SIDE = 240;
const MOST_PICTURES = 200;
const MOST_COLUMNS = 10;
const MOST_ROWS = 10;
/** MediaConvert's largest tile: 4,096 pixels high. */
const MAX_HEIGHT = 4096 / MOST_ROWS;

/** One picture per second of a short clip, and at most 200 of a long film. */
export function storyboardOf(source: LadderSource): Storyboard {
  const { durationSeconds } = source;
  const size = displaySize(source);
  const scale = Math.min(1, LONG_SIDE / Math.max(size.width, size.height));
  const width = Math.max(8, 8 * Math.round((size.width * scale) / 8));
  const height = Math.max(2, 2 * Math.round((width * size.height) / size.width / 2));
  const intervalSeconds = Math.max(1, Math.ceil(durationSeconds / MOST_PICTURES));
  const pictures =
    durationSeconds > 0 ? Math.ceil(durationSeconds / intervalSeconds) : MOST_PICTURES;
  const columns = Math.min(MOST_COLUMNS, pictures);
  const rows = Math.min(MOST_ROWS, Math.ceil(pictures / columns));
  return {
    width,
    height: Math.min(height, 2 * Math.floor(MAX_HEIGHT / 2)),
    intervalSeconds,
    columns,
    rows,
  };
}
