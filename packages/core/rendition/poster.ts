/** One capture of a video, in the order of the video. */
export interface Capture {
  key: string;
  sizeBytes: number;
}

/** A capture with this share of the best one's detail is as good: the earliest of them is chosen. */
const AS_GOOD = 0.9;

/**
 * Chooses the capture with the most detail as the poster, so that no poster is black or inside a fade. All captures of
 * a video have one size and one JPEG quality, so bytes measure detail: a plain picture needs few. Undefined if there is
 * no capture.
 */
export function pickPoster(captures: Capture[]): Capture | undefined {
  const most = Math.max(...captures.map(({ sizeBytes }) => sizeBytes));
  return captures
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .find(({ sizeBytes }) => sizeBytes >= most * AS_GOOD);
}
