import { createListeners } from "../../lib/listeners.ts";
import type { Notify } from "./add-files.ts";
import type { DroppedItem } from "./drop.ts";
import type { Engine } from "./engine.ts";
import type { UploadFile } from "./upload-file.ts";

/** The exports of the engine's chunk. */
export interface EngineChunk {
  engine: Engine;
  addFiles(engine: Engine, files: readonly File[]): Promise<void>;
  addDropped(engine: Engine, dropped: readonly DroppedItem[], notify: Notify): Promise<void>;
  addFolder(engine: Engine, files: readonly File[], notify: Notify): Promise<void>;
  /** What to tell the user about files that could not be added. */
  NOT_ADDED: string;
  pickFiles(fallback: () => void): Promise<File[]>;
}

/** The engine, which also accepts drops and folders. */
export interface Uploads extends Pick<Engine, "subscribe" | "add"> {
  files(): readonly UploadFile[];
  /** The whole engine. Undefined until it has loaded: before that there are no uploads. */
  engine(): Engine | undefined;
  /** Loads the engine before the first file. */
  load(): void;
  /** Lets the user choose files. Calls `fallback` if the browser has no picker that keeps their handles. */
  choose(fallback: () => void): void;
  /** Adds the files and folders of a drop. */
  addDropped(dropped: readonly DroppedItem[]): void;
  /** Adds all files of a chosen folder. */
  addFolder(files: readonly File[]): void;
  /** What to tell the user about files that are not uploaded. */
  notice(): string | undefined;
  dismissNotice(): void;
  /** True while files wait for the engine's code. Leaving the page would lose them. */
  isWaiting(): boolean;
}

const NO_CODE =
  "The server is not responding. Keep this page open: these uploads start automatically once it responds.";
const NONE: readonly UploadFile[] = [];

async function untilLoaded(
  load: () => Promise<EngineChunk>,
  onFailure: () => Promise<void>,
): Promise<EngineChunk> {
  for (;;) {
    try {
      return await load();
    } catch {
      await onFailure();
    }
  }
}

/**
 * The engine, which loads with the first file. Its code would be a tenth of what every page loads, and most
 * pages never upload a file. Before that there are no uploads.
 *
 * @param load fetches the code. It is retried until it succeeds, because files wait for it.
 * @param wait resolves when `load` should be retried.
 */
export function lazyUploads(load: () => Promise<EngineChunk>, wait: () => Promise<void>): Uploads {
  const { subscribe, notify } = createListeners();
  let code: EngineChunk | undefined;
  let loading: Promise<EngineChunk> | undefined;
  let notice: string | undefined;
  let waiting = 0;

  function setNotice(sentence: string | undefined) {
    if (sentence === notice) return;
    notice = sentence;
    notify();
  }

  async function loadChunk(): Promise<EngineChunk> {
    code = await untilLoaded(load, () => {
      if (waiting > 0) setNotice(NO_CODE);
      return wait();
    });
    if (notice === NO_CODE) setNotice(undefined);
    code.engine.subscribe(notify);
    return code;
  }

  function start() {
    loading ??= loadChunk();
    return loading;
  }

  /** Runs a task once the code has loaded. An error becomes a notice on the page. */
  function withChunk(task: (code: EngineChunk) => void | Promise<void>) {
    waiting += 1;
    start()
      .then(task)
      .catch((error: unknown) => {
        setNotice(code?.NOT_ADDED);
        globalThis.reportError?.(error);
      })
      .finally(() => {
        waiting -= 1;
        notify();
      });
    notify();
  }

  const add = (files: readonly File[]) =>
    withChunk(({ addFiles, engine }) => addFiles(engine, files));
  return {
    engine: () => code?.engine,
    load: () => void start(),
    files: () => code?.engine.state().files ?? NONE,
    subscribe,
    add,
    // A picker opens only soon after a click, so it does not wait for the code.
    choose: (fallback) => (code ? void code.pickFiles(fallback).then(add) : fallback()),
    addDropped: (dropped) =>
      withChunk(({ addDropped, engine }) => addDropped(engine, dropped, setNotice)),
    addFolder: (files) => withChunk(({ addFolder, engine }) => addFolder(engine, files, setNotice)),
    notice: () => notice,
    dismissNotice: () => setNotice(undefined),
    isWaiting: () => waiting > 0,
  };
}
