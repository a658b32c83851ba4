import { createListeners } from "../../lib/listeners.ts";
import { type Action, initial, reduce } from "./state.ts";
import type { State } from "./upload-file.ts";

/** Changes are reported together: a thousand files change several times each, and each report renders. */
const NOTIFY_MS = 100;

export interface Store {
  state(): State;
  /** Calls `listener` after changes. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  dispatch(action: Action): void;
}

type Options = {
  /** Calls `task` once, after `ms`. */
  after(ms: number, task: () => void): void;
  /** Called synchronously after each change. */
  onChange(state: State): void;
};

/** Holds the state of all uploads of the page. */
export function createStore({ after, onChange }: Options): Store {
  let state = initial;
  let notifying = false;
  const { subscribe, notify } = createListeners();
  return {
    state: () => state,
    subscribe,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      onChange(state);
      if (notifying) return;
      notifying = true;
      after(NOTIFY_MS, () => {
        notifying = false;
        notify();
      });
    },
  };
}
