import { type Action, initial, reduce, type Session } from "./state.ts";

/** Who is signed in, as far as this page knows, for everything that asks the server. */
export interface Store {
  current(): Session;
  /** Calls `listener` after every change; gives back the way to stop that. */
  subscribe(listener: () => void): () => void;
  /** Counts the changes: an answer to a question from before the last one tells nothing new. */
  epoch(): number;
  /** The server refused a question that was asked in that epoch, because nobody is signed in. */
  refused(epoch: number): void;
  /** The server, asked who is signed in, said who. */
  known(user: { id: string; email: string }): void;
  /** Resolves once whose page this is is signed in; rejects with the signal's reason. */
  back(signal: AbortSignal): Promise<void>;
}

export function createStore(): Store {
  let state: Session = initial;
  let epoch = 0;
  const listeners = new Set<() => void>();

  function dispatch(action: Action) {
    const next = reduce(state, action);
    if (next === state) return;
    if (next.type !== state.type) epoch += 1;
    state = next;
    for (const listener of [...listeners]) listener();
  }
  function subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    current: () => state,
    subscribe,
    epoch: () => epoch,
    refused(asked) {
      if (asked === epoch) dispatch({ type: "refused" });
    },
    known: ({ id, email }) => dispatch({ type: "account", ownerId: id, email }),
    back: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (state.type === "in") return resolve();
        const end = (settle: () => void) => {
          stop();
          signal.removeEventListener("abort", abort);
          settle();
        };
        const abort = () => end(() => reject(signal.reason));
        const stop = subscribe(() => {
          if (state.type === "in") end(resolve);
        });
        signal.addEventListener("abort", abort);
      }),
  };
}

/** The session of this page. There is one per page, as there is one cookie per browser. */
export const session = createStore();
