import type { DroppedItem } from "./drop.ts";
import type { Engine } from "./engine.ts";
import type { FoundFiles } from "./folder.ts";
import { initial } from "./status.ts";

/** What the engine's chunk brings. */
export interface Code {
  engine: Engine;
  readDropped(dropped: readonly DroppedItem[]): Promise<FoundFiles>;
  readChosen(files: readonly File[]): FoundFiles;
  skippedSentence(found: FoundFiles): string | undefined;
}

/** The engine, with what a page may give it besides chosen files. */
export interface Uploads extends Engine {
  /** Takes files and folders of a drop. */
  addDropped(dropped: readonly DroppedItem[]): void;
  /** Takes all files of a folder that was chosen. */
  addFolder(files: readonly File[]): void;
  /** What a person must know of files that were given and are not uploaded. */
  notice(): string | undefined;
  dismissNotice(): void;
  /** True while files wait for the engine's code: leaving the page would lose them. */
  isWaiting(): boolean;
}

const NO_CODE =
  "The server is not responding, so these uploads have not started. Keep this page open: they start automatically once it responds.";
const NOT_ADDED = "These files could not be added. Add them again, or reload the page first.";

/**
 * The engine, fetched when the first file is given. Its code would be a tenth of what every page
 * loads, and most pages never send a file. Until then there are no uploads, so nothing else to ask.
 *
 * @param load fetches the code; it is repeated until it succeeds, since the files wait for it.
 * @param wait resolves when `load` is worth another try.
 */
export function lazyUploads(load: () => Promise<Code>, wait: () => Promise<void>): Uploads {
  const listeners = new Set<() => void>();
  let code: Code | undefined;
  let loading: Promise<Code> | undefined;
  let notice: string | undefined;
  let waiting = 0;

  const changed = () => {
    for (const listener of listeners) listener();
  };
  function setNotice(sentence: string | undefined) {
    if (sentence === notice) return;
    notice = sentence;
    changed();
  }

  async function fetchCode(): Promise<Code> {
    for (;;) {
      try {
        code = await load();
        break;
      } catch {
        setNotice(NO_CODE);
        await wait();
      }
    }
    if (notice === NO_CODE) setNotice(undefined);
    code.engine.subscribe(changed);
    return code;
  }

  /** Does something with the code once it is there. Whatever fails becomes a sentence on the page. */
  function withCode(task: (code: Code) => void | Promise<void>) {
    loading ??= fetchCode();
    waiting += 1;
    loading
      .then(task)
      .catch((error: unknown) => {
        setNotice(NOT_ADDED);
        globalThis.reportError?.(error);
      })
      .finally(() => {
        waiting -= 1;
        changed();
      });
    changed();
  }
  function take({ engine, skippedSentence }: Code, found: FoundFiles) {
    if (found.files.length > 0) engine.add(found.files);
    setNotice(skippedSentence(found));
  }

  return {
    state: () => code?.engine.state() ?? initial,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (files) => withCode(({ engine }) => engine.add(files)),
    addDropped: (dropped) =>
      withCode(async (loaded) => take(loaded, await loaded.readDropped(dropped))),
    addFolder: (files) => withCode((loaded) => take(loaded, loaded.readChosen(files))),
    cancel: (...keys) => code?.engine.cancel(...keys),
    retry: (key) => code?.engine.retry(key),
    dismiss: (...keys) => code?.engine.dismiss(...keys),
    notice: () => notice,
    dismissNotice: () => setNotice(undefined),
    isWaiting: () => waiting > 0,
  };
}
