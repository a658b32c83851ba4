import { createClaims } from "./claims.ts";
import { createTabs } from "./tabs.ts";

/** What this page shares with the other tabs of the browser. */
export const tabs = createTabs(new BroadcastChannel("rushes-uploads"));
export const claims = createClaims(navigator.locks);
