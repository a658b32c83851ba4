/**
 * The job error codes that Rushes distinguishes. Those below 9000 are MediaConvert's own (its user guide, "Error
 * codes"). Those from 9000 are sent only by the local encoder, because AWS has no code for them. Shared by core, which
 * reads them, and the local encoder, which sends them.
 */
export const ENCODER_CODE = {
  /** No container recognized. */
  container: 1010,
  /** No usable video. */
  noVideo: 1020,
  /** A selector requires audio that the input does not have. */
  noAudio: 1021,
  /** Video that cannot be decoded. */
  unsupportedVideo: 1030,
  /** Settings that do not fit the input. */
  settings: 1040,
  /** An MP4 without its index. */
  noIndex: 1075,
  /** The input ends before its container says. */
  truncated: 1076,
  /** S3 denied access to the input or the output. */
  denied: 1401,
  /** The input, or the output's bucket, does not exist. */
  missing: 1404,
  /** S3 did not accept an output. */
  write: 1517,
  /** S3 did not deliver the input in time. */
  timeout: 1522,
  /** A service behind the encoder failed. */
  service: 1550,
  /** The encoder stopped, and nothing says why: killed, or a fault of the service. */
  unknown: 1999,
  /** The input is encrypted. */
  encrypted: 9001,
  /** Audio that cannot be decoded. */
  unsupportedAudio: 9002,
  /** The input's data is corrupt. */
  damaged: 9003,
  /** The machine ran out of memory. */
  outOfMemory: 9004,
  /** The job took longer than its time limit, in seconds. */
  timeLimit: 9005,
  /** The encoder used more memory than its limit, in bytes. */
  memoryLimit: 9006,
  /** The outputs grew larger than their limit, in bytes. */
  outputLimit: 9007,
  /** A frame has more pixels than the limit. */
  pixelLimit: 9008,
  /** A defect of the encoder: the log has more. */
  internal: 9999,
} as const;
/**
 * Warnings of the encoder that matter to the owner of a video. MediaConvert's own codes have six digits and end below
 * 900000. None is about these, so only the local encoder sends them.
 */
export const WARNING_CODE = {
  /** Part of the input's data could not be decoded. */
  damaged: 900_001,
  /** The encoder's disk is full. The job continues by itself when there is space. */
  diskFull: 900_002,
  /** Pictures of another size or pixel format follow, as in joined transport streams. */
  pictureChanged: 900_003,
} as const;
export type EncoderCode = (typeof ENCODER_CODE)[keyof typeof ENCODER_CODE];
