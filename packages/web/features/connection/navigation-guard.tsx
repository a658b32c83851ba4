"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { guardNavigation } from "./navigation.ts";
import { pause, WAKE } from "./wake.ts";

function createGuard() {
  return guardNavigation({
    fetch: (input, init) => browserFetch(input, init),
    pause: (ms, signal) => pause(ms, signal, WAKE),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
}
/** Read when the code loads, before the guard replaces it. */
const browserFetch: typeof fetch = globalThis.fetch;

/** Keeps the user and their uploads on this page while the next one cannot be loaded. */
export function NavigationGuard() {
  const [guard] = useState(createGuard);
  useEffect(() => {
    const before = window.fetch;
    window.fetch = guard.fetch;
    return () => {
      window.fetch = before;
    };
  }, [guard]);
  const isBlocked = useSyncExternalStore(guard.subscribe, guard.isBlocked, () => false);

  return (
    // Always mounted, so that screen readers read what appears in it.
    <div role="alert" className="fixed top-20 right-4 left-4 z-50 mx-auto max-w-lg">
      {isBlocked ? (
        <div className="rounded-frame bg-surface shadow-xl">
          <Notice
            title="The server is not responding"
            actions={
              <>
                <Button onClick={guard.retry}>Try now</Button>
                <Button tone="quiet" onClick={guard.stay}>
                  Stay on this page
                </Button>
              </>
            }
          >
            The next page opens as soon as the server is back. Nothing is lost, and uploads
            continue.
          </Notice>
        </div>
      ) : null}
    </div>
  );
}
