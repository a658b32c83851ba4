/**
 * What a source may require of the encoder, so that a small file cannot occupy it for hours. The defaults allow a
 * 2160p60 video of the default maximum length (12 hours), with six renditions at the full frame rate.
 */
export const SOURCE_LIMITS = {
  /** 8K, the largest frame of cinemas and cameras: 8192×4320. */
  maxFramePixels: 35_389_440,
  /** Frames of all renditions together: 12 h × 60 frames per second × 6 is 15.6 million. */
  maxJobFrames: 20_000_000,
  /**
   * A still picture without audio takes about 20 bytes per second in MP4 at 1 frame per second. A file
   * of two frames that claims to be eleven hours long has 0.04.
   */
  minBytesPerSecond: 10,
};
export type SourceLimits = typeof SOURCE_LIMITS;
