/** Functions that are called after each change, in the form that useSyncExternalStore takes. */
export function createListeners() {
  const listeners = new Set<() => void>();
  return {
    /** Calls `listener` after each change. Returns a function that unsubscribes. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify(): void {
      // A listener may unsubscribe.
      for (const listener of [...listeners]) listener();
    },
  };
}
