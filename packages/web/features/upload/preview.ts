import type { Preview } from "./preview-view.ts";

const known = new WeakMap<File, Promise<Preview | undefined>>();
let last: Promise<unknown> = Promise.resolve();

/** Resolves when the page has nothing else to do. Safari has no such callback. */
const idle = () =>
  new Promise<void>((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 200);
  });

/**
 * What a file contains. Undefined if this browser cannot tell, or if nobody wants to know any more when its turn comes:
 * one file is read at a time, while the page is idle, so that no upload waits for it.
 */
export function previewOf(file: File, signal: AbortSignal): Promise<Preview | undefined> {
  const reading = known.get(file);
  if (reading) return reading;
  const next = last.then(async () => {
    await idle();
    if (signal.aborted) return undefined;
    const read = known.get(file) ?? readNow(file);
    known.set(file, read);
    return read;
  });
  last = next;
  return next;
}

/** A preview is never worth an error: the upload and the encoder say what is wrong with a file. */
async function readNow(file: File): Promise<Preview | undefined> {
  // So that the build leaves the reader out of the site's function.
  if (typeof window === "undefined") return undefined;
  try {
    const { readPreview } = await import("./preview-reader.ts");
    return await readPreview(file);
  } catch {
    return undefined;
  }
}
