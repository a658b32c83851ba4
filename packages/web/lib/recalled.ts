/** What this browser remembers, by name. */
export const DELETIONS = "rushes-deletions";

/** What was stored under a name. Null if nothing was, or if the browser forbids its storage. */
export function recalled(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
