import { createClaims } from "./claims.ts";
import { createTabs } from "./tabs.ts";
import { CHANNEL } from "./use-uploads.ts";

/** What this page shares with the other tabs of the browser. */
export const tabs = createTabs(new BroadcastChannel(CHANNEL));
export const claims = createClaims(navigator.locks);
