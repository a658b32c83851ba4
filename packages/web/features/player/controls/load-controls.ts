import { definedWithTemplates } from "./templates.ts";

type Module = typeof import("./controls.tsx");
let loading: Promise<Module> | undefined;

/** Loads media-chrome and the control bar: once, and only when a player is on the page. */
export function loadControls(): Promise<Module> {
  // So that the build leaves them out of the site's function.
  if (typeof window === "undefined") return Promise.reject(new Error("Only browsers play videos."));
  loading ??= definedWithTemplates(() => import("./controls.tsx")).catch((error: unknown) => {
    // The next player tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}
