"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Icon } from "../../components/ui/icon.tsx";
import { useSession } from "../../lib/session/use-session.ts";
import { setPaused, usePaused } from "./live-switch.ts";

/** Says whether the page follows by itself, and lets it be paused. */
export function LiveToggle({ interrupted = false }: { interrupted?: boolean }) {
  const client = useQueryClient();
  const paused = usePaused();
  const out = useSession().type !== "in";
  const resting = paused || interrupted || out;
  const words = paused ? "Paused" : out ? "Waiting" : interrupted ? "Reconnecting…" : "Live";

  function toggle() {
    setPaused(!paused);
    // What happened in the pause is fetched whole: changes are kept for a while only.
    if (paused) void client.invalidateQueries();
  }

  return (
    <div className="flex items-center gap-1 text-sm text-muted">
      <span
        aria-hidden="true"
        className={cx("size-2 rounded-full", resting ? "bg-control" : "bg-ok")}
      />
      <span>{words}</span>
      <Button tone="quiet" onClick={toggle} aria-pressed={paused} className="px-2">
        <Icon name={paused ? "play" : "pause"} />
        <span className="sr-only">Pause live updates</span>
      </Button>
    </div>
  );
}
