import type { Engine } from "./engine.ts";
import { initial } from "./state.ts";

/**
 * The engine, fetched when the first file is chosen. Its code would be a tenth of what every page
 * loads, and most pages never send a file. Until then there are no uploads, so nothing else to ask.
 */
export function lazyEngine(load: () => Promise<Engine>): Engine {
  const listeners = new Set<() => void>();
  let engine: Engine | undefined;
  let loading: Promise<Engine> | undefined;

  function get(): Promise<Engine> {
    loading ??= load().then(
      (loaded) => {
        engine = loaded;
        loaded.subscribe(() => {
          for (const listener of listeners) listener();
        });
        return loaded;
      },
      (error: unknown) => {
        // The next choice tries again.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  return {
    state: () => engine?.state() ?? initial,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // Without a catch: code that does not arrive is the error page's matter, like any other chunk's.
    add: (files) => void get().then((loaded) => loaded.add(files)),
    cancel: (key) => engine?.cancel(key),
    retry: (key) => engine?.retry(key),
    dismiss: (key) => engine?.dismiss(key),
  };
}
