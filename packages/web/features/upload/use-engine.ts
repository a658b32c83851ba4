"use client";

import { useSyncExternalStore } from "react";
import type { Engine } from "./engine.ts";
import { initial } from "./state.ts";
import type { State } from "./upload-file.ts";
import { useProvided } from "./use-uploads.ts";

/**
 * The uploads of this page, and their engine once it has loaded. Renders at every change, up to twenty times a second:
 * components that need less use a hook of use-uploads.ts. Not for code that every page loads.
 */
export function useUploads(): { state: State; engine: Engine | undefined } {
  const { engine: uploads } = useProvided();
  const state = useSyncExternalStore(
    uploads.subscribe,
    () => uploads.engine()?.state() ?? initial,
    () => initial,
  );
  return { state, engine: uploads.engine() };
}
