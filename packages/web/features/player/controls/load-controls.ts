import { definedWithTemplates } from "./templates.ts";

type Module = typeof import("./controls.tsx");
let loading: Promise<Module> | undefined;

/** Loads media-chrome and the control bar: once, and only when a player is on the page. */
export function loadControls(): Promise<Module> {
  loading ??= definedWithTemplates(() => import("./controls.tsx")).catch((error: unknown) => {
    // The next player tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}
