"use client";

import type { ComponentProps, ReactNode } from "react";
import { Deferred } from "../../components/ui/deferred.tsx";
import { loadHls } from "./load-hls.ts";
import type { Playable } from "./offers.ts";

const load = () => import("./player.tsx");
type Player = Awaited<ReturnType<typeof load>>["Player"];

type Props = ComponentProps<Player> & { children: ReactNode };

/** The player, in a chunk of its own. Until it is loaded, `children` take its place. */
export function LazyPlayer({ children, ...props }: Props) {
  return (
    <Deferred load={load} fallback={children}>
      {({ Player }) => <Player {...props} />}
    </Deferred>
  );
}

/**
 * Loads the code of the player as soon as the page runs, also while the page still waits for what plays, that of the
 * stream once the video is known to have one, and the beginning of the stream that the HTML names as `first`. Call it on
 * each render: an effect would run later.
 */
export function loadPlayer(hasStream: boolean, first: Playable | undefined): void {
  if (typeof window === "undefined") return;
  // A failure appears when the player is shown.
  const ignored = () => {};
  load().then(({ beginStream }) => first && beginStream(first), ignored);
  if (hasStream) loadHls().catch(ignored);
}
