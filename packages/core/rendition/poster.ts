/** One capture of a video, in the order in which they were taken. */
export interface Capture {
  key: string;
  sizeBytes: number;
}

/** Captures this near to the most detailed one are as good: the earliest of them wins. */
const AS_GOOD = 0.9;

/**
 * The capture that stands for a video: the one with most detail, so that no poster is black or taken
 * inside a fade. All captures of a video have one size and one JPEG quality, so bytes measure detail:
 * a plain picture takes few. Undefined where there is no capture.
 */
export function pickPoster(captures: Capture[]): Capture | undefined {
  const most = Math.max(...captures.map(({ sizeBytes }) => sizeBytes));
  return captures
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .find(({ sizeBytes }) => sizeBytes >= most * AS_GOOD);
}
