"use client";

import { type ReactNode, useEffect, useState } from "react";

/** How long until code that did not arrive is fetched again; sooner when the network is back. */
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
  /** Imports the code. The same function at every rendering. */
  load(): Promise<M>;
  /** Stands in its place meanwhile. */
  fallback?: ReactNode;
  children(code: M): ReactNode;
};

/**
 * A part of a page whose code is fetched when it is first rendered, so that no page loads it before
 * somebody needs it. Render it once it is wanted, and not before. Code that does not arrive is fetched
 * again until it does: what a person asked for is not lost, and the page stands.
 */
export function Deferred<M>({ load, fallback, children }: Props<M>) {
  const [code, setCode] = useState<M>();
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const gone = new AbortController();
    const fetchCode = () => {
      load().then(
        (loaded) => {
          if (!gone.signal.aborted) setCode(loaded);
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
