import type { BucketWiring } from "@rushes/core/wiring";
import type { OnDamage } from "../disk/damage.ts";
import type { Credentials } from "../wire/signature.ts";
import type { Disk } from "./blobs.ts";
import type { ScrubOptions } from "./scrub.ts";

export interface BucketConfig {
  name: string;
  /** Which pages may use the bucket from a browser; `*` is any. */
  cors?: { origins: string[]; maxAgeSeconds: number };
  notifications: BucketWiring["notifications"];
  abortMultipartAfterDays?: number;
}

export interface S3Options {
  dataDir: string;
  host: string;
  /** 0 takes any free one. */
  port: number;
  region: string;
  credentials: Credentials;
  buckets: BucketConfig[];
  /** Hands an event to a queue; once it has resolved, the event is not kept any longer. */
  deliver(delivery: { queue: string; body: string }): Promise<void>;
  /** What is told about what goes wrong behind an answered request. */
  onLog?(line: string): void;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?: OnDamage;
  /** How the bytes of objects are checked in the background. */
  scrub?: ScrubOptions;
  /** For tests: plays a disk that is full. */
  disk?: Disk;
  /** For tests: the moment for which lifecycle rules are applied, in milliseconds since 1970. */
  lifecycleNow?(): number;
}
