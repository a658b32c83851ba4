import type { State, Status, UploadFile } from "./state.ts";

/** What every page needs to know of uploads, apart from the reducer that only running ones need. */
const ENDED: ReadonlySet<Status> = new Set(["done", "failed", "canceled"]);

// The meter is written out, so that pages without uploads do not load its code.
export const initial: State = { files: [], movedBytes: 0, meter: { bytes: 0, atMs: 0 } };

/** True while leaving the page would lose something. */
export function inFlight(file: UploadFile): boolean {
  return file.status === "queued" || file.status === "sending";
}

/** True when nothing more happens to this file by itself. */
export function ended(file: UploadFile): boolean {
  return ENDED.has(file.status);
}
