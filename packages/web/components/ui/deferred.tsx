"use client";

import { type ReactNode, startTransition, useEffect, useState } from "react";

/** The wait before a failed load is retried. Shorter when the network is back. */
const RETRY_MS = 5_000;

function wait(signal: AbortSignal, retry: () => void): void {
  const over = new AbortController();
  const go = () => {
    clearTimeout(timer);
    over.abort();
    if (!signal.aborted) retry();
  };
  const timer = setTimeout(go, RETRY_MS);
  window.addEventListener("online", go, { signal: over.signal });
  signal.addEventListener("abort", go, { signal: over.signal });
}

type Props<M> = {
  /** Imports the code. Must be the same function on every render. */
  load(): Promise<M>;
  fallback?: ReactNode;
  children(code: M): ReactNode;
};

/**
 * A component whose code loads on its first render, so that no page loads it before it is needed. A failed load is
 * retried until it succeeds: the user's action is not lost, and the page stays usable.
 */
export function Deferred<M>({ load, fallback, children }: Props<M>) {
  const [code, setCode] = useState<M>();
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const gone = new AbortController();
    const fetchCode = () => {
      load().then(
        (loaded) => {
          // A transition is rendered in several tasks: the code may be that of a whole page.
          if (!gone.signal.aborted) startTransition(() => setCode(loaded));
        },
        () => {
          if (gone.signal.aborted) return;
          setFailed(true);
          wait(gone.signal, fetchCode);
        },
      );
    };
    fetchCode();
    return () => gone.abort();
  }, [load]);

  if (code !== undefined) return children(code);
  if (!failed) return fallback;
  return (
    <p role="alert" className="w-full text-sm text-danger">
      The server is not responding. What you opened appears here as soon as it responds.
    </p>
  );
}
