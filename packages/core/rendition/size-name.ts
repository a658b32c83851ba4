/** The usual name of a picture's size, from its short side: `1080p` for 1920×1080 and for 1080×1920. Safe in the browser. */
export const sizeName = ({ width, height }: { width: number; height: number }): string =>
  `${Math.min(width, height)}p`;
