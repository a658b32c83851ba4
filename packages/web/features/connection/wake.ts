/** Events after which a failed request may succeed, so that it is retried at once. */
export type Wake = "online" | "visible" | "focus";
export const WAKE: readonly Wake[] = ["online", "visible", "focus"];

function listen(wake: Wake, listener: () => void, signal: AbortSignal): void {
  if (wake !== "visible") {
    window.addEventListener(wake, listener, { signal });
    return;
  }
  const whenVisible = () => {
    if (document.visibilityState === "visible") listener();
  };
  document.addEventListener("visibilitychange", whenVisible, { signal });
}

/** Resolves after `ms`, or as soon as one of `wakes` happens; rejects when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal, wakes: readonly Wake[] = []): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const over = new AbortController();
    const done = (settle: () => void) => {
      clearTimeout(timer);
      over.abort();
      settle();
    };
    const timer = setTimeout(() => done(resolve), ms);
    signal.addEventListener("abort", () => done(() => reject(signal.reason)), {
      once: true,
      signal: over.signal,
    });
    for (const wake of wakes) listen(wake, () => done(resolve), over.signal);
  });
}
