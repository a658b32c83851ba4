import { UploadError } from "@rushes/core/transfer/upload-error";
import type { Info as Upload } from "@rushes/core/upload/schema";
import type { ChosenFile } from "./chosen-file.ts";
import { createClaims } from "./claims.ts";
import { continueUpload } from "./continue-upload.ts";
import { cancel, dismiss, pause, restart } from "./controls.ts";
import type { EngineContext, EngineEnvironment } from "./engine-context.ts";
import { createTask, failFile } from "./file-task.ts";
import { openMore } from "./open-batch.ts";
import { decided, fresh } from "./repeated.ts";
import { owns } from "./resume.ts";
import { createStore } from "./store.ts";
import type { Running } from "./tabs.ts";
import type { State } from "./upload-file.ts";

/** How often progress is reported. The requests fire dozens of events a second. */
const TICK_MS = 250;

/** Everything that a page can do with uploads. Lives as long as the page and does not depend on React. */
export interface Engine {
  state(): State;
  /** Calls `listener` after changes. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** Adds files. Those that are uploaded or on their way wait for a decision. */
  add(files: readonly File[]): void;
  /** Uploads the files that wait for a decision a second time. */
  addRepeated(): void;
  dropRepeated(): void;
  cancel(...keys: string[]): void;
  /** Stops the requests of these files. What has arrived is kept, and so is their place among the files that wait. */
  pause(...keys: string[]): void;
  /** Continues paused files. */
  resume(...keys: string[]): void;
  /** Starts failed files again. */
  retry(...keys: string[]): void;
  dismiss(...keys: string[]): void;
  /** Continues an unfinished upload, with a file of its size. */
  continueUpload(upload: Upload, file: File): void;
  /** True if the upload is that of a file of this page, or was. */
  owns(upload: Upload): boolean;
  /** The uploads of this page that have not ended, for the other tabs. */
  running(): Running[];
}

export function createEngine(env: EngineEnvironment): Engine {
  const updateTicker = createTicker(env, () => reportProgress(context));
  const context: EngineContext = {
    env,
    store: createStore({ after: env.after, onChange: updateTicker }),
    claims: env.tabs?.claims ?? createClaims(undefined),
    tasks: new Map(),
    uploaded: new Set(),
    repeated: [],
    discarded: new Set(),
    opened: new Set(),
    queue: [],
    isOpening: false,
    hasListed: false,
    unsentCount: 0,
    openMore: () => openMore(context),
  };
  let addedCount = 0;
  const nextKey = () => {
    addedCount += 1;
    return `file-${addedCount}`;
  };
  return {
    state: context.store.state,
    subscribe: context.store.subscribe,
    add(files) {
      const profile = env.profile();
      add(
        context,
        fresh(
          context,
          files.map((file) => ({ file, profile })),
        ),
        nextKey,
      );
    },
    addRepeated: () => add(context, decided(context), nextKey),
    dropRepeated: () => void decided(context),
    cancel: (...keys) => cancel(context, keys),
    pause: (...keys) => pause(context, keys),
    resume: (...keys) => void restart(context, keys, "paused"),
    retry: (...keys) => void restart(context, keys, "failed"),
    dismiss: (...keys) => dismiss(context, keys),
    continueUpload: (upload, file) => continueUpload(context, nextKey(), upload, file),
    owns: (upload) => owns(context, upload),
    running: () =>
      [...context.tasks.values()].flatMap(({ claim, open, sentBytes }) =>
        claim !== undefined && open ? [{ claim, uploadId: open.upload.id, sentBytes }] : [],
      ),
  };
}

/** Returns a function that starts and stops the ticker: it runs only while a file is being sent. */
function createTicker(env: EngineEnvironment, tick: () => void) {
  let stop: (() => void) | undefined;
  return (state: State) => {
    if (state.files.some((file) => file.status === "sending")) {
      stop ??= env.every(TICK_MS, tick);
    } else {
      stop?.();
      stop = undefined;
    }
  };
}

function reportProgress({ env, store, tasks }: EngineContext): void {
  const files = store.state().files.flatMap(({ key, signal, status }) => {
    const task = status === "sending" ? tasks.get(key) : undefined;
    return task ? [{ key, signal, sentBytes: task.sentBytes }] : [];
  });
  store.dispatch({ type: "progressed", files, atMs: env.now() });
}

function add(context: EngineContext, files: readonly ChosenFile[], nextKey: () => string): void {
  if (files.length === 0) return;
  const chosen = files.map((one) => {
    const key = nextKey();
    const { file, controller } = createTask(context, key, one);
    return { key, name: file.name, sizeBytes: file.size, signal: controller.signal };
  });
  context.store.dispatch({ type: "chosen", files: chosen, atMs: context.env.now() });
  for (const { key, sizeBytes, signal } of chosen) {
    if (sizeBytes > 0) continue;
    const empty = new UploadError({ type: "fail", problem: { type: "empty" } });
    failFile(context, key, signal, empty);
  }
  for (const { key, sizeBytes } of chosen) if (sizeBytes > 0) context.queue.push(key);
  context.openMore();
}
