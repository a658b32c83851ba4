import { sizeName } from "@rushes/core/rendition/size-name";

/** One height of quality of an HLS video. `index` is its number in the player. */
export type Level = { index: number; width: number; height: number; frameRate: number };

/** The usual name of a size, `1080p`: the short side, and the frame rate if it is above 30. */
export function levelName({ width, height, frameRate }: Omit<Level, "index">): string {
  const rate = frameRate > 31 ? Math.round(frameRate) : "";
  return `${sizeName({ width, height })}${rate}`;
}

export type LevelOption = { value: string; label: string };

const AUTOMATIC = "automatic";

/** The choices of quality. The first one also names the level that the player has chosen. */
export function levelOptions(
  levels: readonly Level[],
  current: Level | undefined,
  automatic: boolean,
): LevelOption[] {
  const now = automatic && current ? ` (${levelName(current)})` : "";
  return [
    { value: AUTOMATIC, label: `Automatic${now}` },
    ...levels.map((level) => ({ value: String(level.index), label: levelName(level) })),
  ];
}

/** The value of a choice. */
export const levelValue = (chosen: number | undefined): string =>
  chosen === undefined ? AUTOMATIC : String(chosen);

/** The choice with this value; undefined if the player chooses. */
export const chosenLevel = (value: string): number | undefined =>
  value === AUTOMATIC ? undefined : Number(value);
