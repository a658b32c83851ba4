/** An odd source, and what becomes of it. */
export interface OddSource {
  /** The name of the file, unique in the table. */
  name: string;
  /** What is odd about it. */
  about: string;
  /**
   * The arguments with which ffmpeg writes it, where `{name}` is the path of another source. Or its bytes: what a
   * function makes of the other sources `of`.
   */
  from: readonly string[] | Bytes;
  outcome: Outcome;
}

export interface Bytes {
  of?: readonly string[];
  bytes: (file: Buffer, ...more: Buffer[]) => Uint8Array;
}

export type Outcome =
  /** It is not encoded, and the person reads this sentence. */
  | { rejected: string }
  /** The encoder ends with a failure, and the person reads this sentence. */
  | { failed: string }
  | Encoded;

export interface Encoded {
  /** The largest rendition. Sound alone becomes a stream and an M4A file. */
  size: `${number}×${number}` | "no picture";
  seconds: number;
  /** Whether the renditions have sound. */
  sound: boolean;
  /** The type of each warning. */
  warnings?: readonly string[];
}
