"use client";

import { type ComponentProps, lazy, type ReactNode, Suspense, useEffect } from "react";

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

/** Loads the code of the player while the page still waits for what plays. */
export function usePlayerCode(): void {
  useEffect(() => {
    // A failure appears when the player is shown.
    load().catch(() => {});
  }, []);
}
