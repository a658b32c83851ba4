import type { Status, UploadFile } from "./upload-file.ts";

/** The upload state that every page needs. The reducer, which only running uploads need, loads later. */
const ENDED: ReadonlySet<Status> = new Set(["done", "failed", "canceled"]);

/** True if the upload has ended. */
export function ended(file: UploadFile): boolean {
  return ENDED.has(file.status);
}

/** True while leaving the page would stop the upload, also while it is paused. */
export function inFlight(file: UploadFile): boolean {
  return !ended(file) && file.status !== "finishing";
}
