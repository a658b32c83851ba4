/** What this browser remembers about lists, by name. */
export const VIEW = "rushes-list-view";
export const DELETIONS = "rushes-deletions";

/** What was stored under a name. Null if nothing was, or if the browser forbids its storage. */
export function recalled(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Stores a value, unless the browser forbids it. Without it, the value lasts as long as the page. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The storage is forbidden or full.
  }
}
