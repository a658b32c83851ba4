"use client";

import { type ComponentProps, type ReactNode, useState } from "react";
import { Deferred } from "../../components/ui/deferred.tsx";
import { useHydrated } from "../../lib/use-hydrated.ts";
import { loadHls } from "./load-hls.ts";
import type { Playable } from "./offers.ts";

type Code = typeof import("./player.tsx");
type Player = Code["Player"];

let loaded: Code | undefined;

async function load(): Promise<Code> {
  loaded = await import("./player.tsx");
  return loaded;
}

type Props = ComponentProps<Player> & { children: ReactNode };

/** The player, in a chunk of its own. Until it is loaded, and in the HTML, `children` take its place. */
export function LazyPlayer({ children, ...props }: Props) {
  const hydrated = useHydrated();
  const [ready] = useState(() => (hydrated ? loaded : undefined));
  if (ready) return <ready.Player {...props} />;
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
