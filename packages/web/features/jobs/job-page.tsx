"use client";

import { Deferred } from "../../components/ui/deferred.tsx";
import { loadPlayer } from "../player/lazy-player.tsx";
import { JobLoading } from "./job-loading.tsx";
import type { Initial } from "./requests.ts";

const load = () => import("./loaded-job.tsx");

type Props = {
  id: string;
  /** Undefined if the server could not read the job. The page requests everything that may have changed. */
  initial: Initial | undefined;
};

/** Shows the poster, and loads the code of the page and that of the player. */
export function JobPage({ id, initial }: Props) {
  loadPlayer(initial?.playback?.hls !== undefined, initial?.playback);
  // An effect would run later. A failure appears in it.
  if (typeof window !== "undefined") load().catch(() => {});
  return (
    <Deferred load={load} fallback={<JobLoading job={initial?.details.job} />}>
      {({ LoadedJob }) => <LoadedJob id={id} initial={initial} />}
    </Deferred>
  );
}
