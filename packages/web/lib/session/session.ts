import { createListeners } from "../listeners.ts";
import { type Action, initial, reduce, type Session } from "./state.ts";

/** Who is signed in, as far as this page knows. */
export interface Store {
  current(): Session;
  /** Calls `listener` after every change. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** Counts the changes, so that the response to an earlier request can be ignored. */
  epoch(): number;
  /** A request of that epoch got a 401: no one is signed in. */
  unauthorized(epoch: number): void;
  /** The server returned the signed-in user. */
  signedIn(user: { id: string; email: string }): void;
  /** Resolves once the page's user is signed in. Rejects with the signal's reason. */
  back(signal: AbortSignal): Promise<void>;
}

export function createStore(): Store {
  let state: Session = initial;
  let epoch = 0;
  const { subscribe, notify } = createListeners();

  function dispatch(action: Action) {
    const next = reduce(state, action);
    if (next === state) return;
    if (next.type !== state.type) epoch += 1;
    state = next;
    notify();
  }

  return {
    current: () => state,
    subscribe,
    epoch: () => epoch,
    unauthorized(asked) {
      if (asked === epoch) dispatch({ type: "unauthorized" });
    },
    signedIn: ({ id, email }) => dispatch({ type: "signed_in", ownerId: id, email }),
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
