import type { Waiting } from "@rushes/core/transfer/retry";
import type { UploadProblem } from "@rushes/core/transfer/upload-error";
import type { Existing } from "@rushes/core/upload/schema";
import type { Meter } from "./meter.ts";

/** Why a file waits. */
export type FileWaiting = Waiting | "other_tab";

/** The fields of a file from the moment it is chosen. `key` is unique on the page. */
export interface Chosen {
  key: string;
  name: string;
  sizeBytes: number;
  /** The signal of the current run. An action with another signal is too late. */
  signal: AbortSignal;
  /** True if the upload started again, because an earlier page had sent other bytes. */
  differed?: boolean;
}

/** The state of one file. Each status has exactly the fields that make sense in it. */
export type UploadFile = Chosen &
  /**
   * `sentBytes` is what was sent before a pause, and `comparing` is there while the file is compared with what an earlier
   * run has sent, or with a video.
   */
  (
    | { status: "queued"; sentBytes?: number; waiting?: FileWaiting; comparing?: Comparing }
    /** Stopped by the user. What has arrived is kept. */
    | { status: "paused"; sentBytes: number }
    | {
        status: "sending";
        uploadId: string;
        sentBytes: number;
        meter: Meter;
        waiting?: FileWaiting;
      }
    /** Every byte is stored, but the job is not known yet. */
    | { status: "finishing"; uploadId: string; waiting?: FileWaiting }
    | { status: "done"; uploadId: string; jobId?: string }
    | { status: "failed"; problem: UploadProblem; uploadId?: string; sentBytes: number }
    | { status: "canceled" }
  );
export type Comparing = "sent" | "video";
export type Status = UploadFile["status"];

/** A file that waits for a decision. */
export interface Repeated {
  name: string;
  /** The video that was made of it. Absent if this page has sent the file, or is sending it. */
  video?: Pick<Existing, "jobId" | "title" | "created">;
}

export interface State {
  files: readonly UploadFile[];
  /** What was uploaded since the last pause without uploads, and is no longer listed. It counts in the total. */
  gone: { files: number; sizeBytes: number };
  /** Files that were chosen again or are videos already, and wait for a decision. */
  repeated: readonly Repeated[];
  /** Bytes sent for all files of this page, including files that are gone. */
  movedBytes: number;
  /** The speed of all files together. */
  meter: Meter;
}
