import { storageOutcome } from "./outcome.ts";
import type { Put } from "./ports.ts";
import { UploadError } from "./upload-error.ts";

/** A request that has not moved for so long is given up and sent again. */
const STALL_MS = 60_000;
/** Set by the browser itself; scripts may not. */
const FORBIDDEN = new Set(["content-length", "host"]);

/** Sends by XMLHttpRequest: fetch tells no progress of what it sends, and was slower when measured. */
export const put: Put = (request, body, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    let watch: ReturnType<typeof setTimeout>;
    const moved = () => {
      clearTimeout(watch);
      watch = setTimeout(() => xhr.abort(), STALL_MS);
    };
    const stop = () => xhr.abort();
    const end = (settle: () => void) => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const again = () => end(() => reject(new UploadError({ type: "retry" })));

    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      if (!FORBIDDEN.has(name.toLowerCase())) xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = (event) => {
      moved();
      onProgress(event.loaded);
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) return end(resolve);
      const answer = {
        status: xhr.status,
        text: xhr.responseText,
        // Out of all headers: asking by name for one that CORS hides is an error in the console.
        retryAfter: /^retry-after: *(.*?)\r?$/im.exec(xhr.getAllResponseHeaders())?.[1],
      };
      end(() => reject(new UploadError(storageOutcome(answer, Date.now()))));
    };
    xhr.onerror = again;
    xhr.onabort = () => (signal.aborted ? end(() => reject(signal.reason)) : again());
    signal.addEventListener("abort", stop, { once: true });
    moved();
    xhr.send(body);
  });
