"use client";

import { useSyncExternalStore } from "react";
import { session } from "./session.ts";
import { initial, type Session } from "./state.ts";

/** Whether the page's user is signed in, as far as the page knows. */
export function useSession(): Session {
  return useSyncExternalStore(session.subscribe, session.current, () => initial);
}
