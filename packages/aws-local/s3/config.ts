import type { BucketWiring } from "@rushes/core/wiring";
import type { OnDamage } from "../process/damage.ts";
import type { Credentials } from "../wire/signature.ts";
import type { FindAccessKey } from "./access-key.ts";
import type { Disk } from "./blobs.ts";

export interface ScrubOptions {
  /** From the start to the first read, so that the scrub does not slow down the start. */
  delayMs: number;
  /** About a hundredth of a disk's speed: a terabyte takes a day and a half. */
  bytesPerSecond: number;
  /** The pause between two passes. */
  everyMs: number;
}

export interface BucketConfig {
  name: string;
  /** The origins of pages that may use the bucket from a browser; `*` is any. */
  cors?: { origins: string[]; maxAgeSeconds: number };
  notifications: BucketWiring["notifications"];
  abortMultipartAfterDays?: number;
}

export interface S3Options {
  dataDir: string;
  host: string;
  /** 0 chooses a free port. */
  port: number;
  region: string;
  /** The stack's own key, which may do everything. */
  credentials: Credentials;
  /** Finds the keys of people. */
  findAccessKey?: FindAccessKey;
  buckets: BucketConfig[];
  /** Delivers an event to a queue. When it resolves, S3 deletes the event. */
  deliver(delivery: { queue: string; body: string }): Promise<void>;
  /** Receives errors that no response can report. */
  onLog?(line: string): void;
  /** Receives a sentence for each damage that is found in the data. */
  onDamage?: OnDamage;
  /** How the bytes of objects are checked in the background. */
  scrub?: ScrubOptions;
  /** For tests: simulates a full disk. */
  disk?: Disk;
  /** For tests: the time for which lifecycle rules are applied, in milliseconds since 1970. */
  lifecycleNow?(): number;
}
