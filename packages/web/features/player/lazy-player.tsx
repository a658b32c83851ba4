"use client";

import { type ComponentProps, lazy, type ReactNode, Suspense, useEffect } from "react";
import { loadHls } from "./load-hls.ts";

const load = () => import("./player.tsx");
const Player = lazy(async () => ({ default: (await load()).Player }));

type Props = ComponentProps<typeof Player> & { children: ReactNode };

/** The player, in a chunk of its own. Until it is loaded, `children` take its place. */
export function LazyPlayer({ children, ...props }: Props) {
  return (
    <Suspense fallback={children}>
      <Player {...props} />
    </Suspense>
  );
}

/**
 * Loads the code of the player while the page still waits for what plays, and that of the stream once the video is
 * known to have one.
 */
export function usePlayerCode(hasStream: boolean): void {
  // A failure appears when the player is shown.
  useEffect(() => {
    load().catch(() => {});
  }, []);
  useEffect(() => {
    if (hasStream) loadHls().catch(() => {});
  }, [hasStream]);
}
