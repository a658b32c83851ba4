/** Double taps on a touch screen. */

export type Tap = { atMs: number; x: number };

const PAUSE_MS = 300;
const STEP_SECONDS = 10;

/** The seconds to seek by after a second tap at the left or right third of the picture. Undefined otherwise. */
export function doubleTap(first: Tap | undefined, second: Tap, width: number): number | undefined {
  if (!first || second.atMs - first.atMs > PAUSE_MS) return undefined;
  const isLeft = (x: number) => x < width / 3;
  const isRight = (x: number) => x > (width * 2) / 3;
  if (isLeft(first.x) && isLeft(second.x)) return -STEP_SECONDS;
  if (isRight(first.x) && isRight(second.x)) return STEP_SECONDS;
  return undefined;
}
