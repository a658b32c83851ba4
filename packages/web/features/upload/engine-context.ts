import type { UploadApi } from "@rushes/core/transfer/ports";
import type { OpenUpload, UploadEnvironment } from "@rushes/core/transfer/run";
import type { ChosenFile } from "./chosen-file.ts";
import type { Claims } from "./claims.ts";
import type { Store } from "./store.ts";
import type { Tabs } from "./tabs.ts";

/** Everything the engine needs from the browser. Tests pass their own. */
export interface EngineEnvironment extends UploadEnvironment {
  api: UploadApi;
  /** Calls `task` at an interval. Returns a function that stops it. */
  every(ms: number, task: () => void): () => void;
  /** Calls `task` once, after `ms`. */
  after(ms: number, task: () => void): void;
  /** A file of at most this size is hashed before its upload is created. */
  smallBytes: number;
  /** The profile that is chosen for files that are added now. Undefined for the default one. */
  profile(): string | undefined;
  /** What the page shares with the other tabs of the browser. Undefined if it is alone. */
  tabs?: ({ claims: Claims } & Pick<Tabs, "uploadOf">) | undefined;
  /** Resolves in a later task, so that the page can respond in between. */
  nextTask(): Promise<void>;
}

/** A file that is not finished, with what a retry or a cancel of it needs. */
export interface FileTask {
  file: File;
  /** What to make of it. Undefined for the default profile. */
  profile: string | undefined;
  /** True if it is uploaded even if a video was made of it. */
  again?: boolean | undefined;
  controller: AbortController;
  open?: OpenUpload;
  /** The name of the claim, and what ends it. Absent until this tab has it. */
  claim?: string;
  endClaim?: () => void;
  /** Bytes as the requests report them. The store receives them with the next tick. */
  sentBytes: number;
}

/** The state that the functions of the engine share. */
export interface EngineContext {
  env: EngineEnvironment;
  store: Store;
  claims: Claims;
  tasks: Map<string, FileTask>;
  /** The identities of the files that were uploaded. */
  uploaded: Set<string>;
  /** Files that were chosen again, or are videos already, and wait for a decision. */
  repeated: ChosenFile[];
  /** Uploads that are being removed. The server may still list them. */
  discarded: Set<string>;
  /** Every upload that a file of this page has had. */
  opened: Set<string>;
  /** Files without an upload, in the order in which they were chosen. */
  queue: string[];
  /** True while a request for a batch of uploads is under way. */
  isOpening: boolean;
  /** True if this page has looked for unfinished uploads. */
  hasListed: boolean;
  /** The number of files that have an upload and still bytes to send. */
  unsentCount: number;
  /** Opens uploads of the queue, if it is their turn. */
  openMore(): void;
}
