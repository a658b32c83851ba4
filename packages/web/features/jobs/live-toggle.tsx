"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Icon } from "../../components/ui/icon.tsx";
import { useSession } from "../../lib/session/use-session.ts";
import { setPaused, usePaused } from "./live-switch.ts";

/** Shows whether the page updates live, and pauses the updates. */
export function LiveToggle({ interrupted = false }: { interrupted?: boolean }) {
  const client = useQueryClient();
  const paused = usePaused();
  const out = useSession().type !== "in";
  const isPaused = paused || interrupted || out;
  const label = paused ? "Paused" : out ? "Waiting" : interrupted ? "Reconnecting…" : "Live";

  function toggle() {
    setPaused(!paused);
    // Everything is fetched again, because the server keeps changes for a limited time.
    if (paused) void client.invalidateQueries();
  }

  return (
    <div className="flex items-center gap-1 text-sm text-muted">
      <span
        aria-hidden="true"
        className={cx("size-2 rounded-full", isPaused ? "bg-control" : "bg-ok")}
      />
      <span>{label}</span>
      <Button tone="quiet" onClick={toggle} aria-pressed={paused} className="px-2">
        <Icon name={paused ? "play" : "pause"} />
        <span className="sr-only">Pause live updates</span>
      </Button>
    </div>
  );
}
