type Size = { width: number; height: number };
type Box = { maxWidth: number; maxHeight: number };

/** The size of a picture that fits into a box in either orientation, in whole pixels. It is never enlarged. */
export function fitInto({ maxWidth, maxHeight }: Box, { width, height }: Size): Size {
  const portrait = height > width;
  const [across, down] = portrait ? [maxHeight, maxWidth] : [maxWidth, maxHeight];
  const scale = Math.min(1, across / width, down / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
