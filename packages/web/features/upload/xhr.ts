import { storageOutcome } from "@rushes/core/transfer/outcome";
import type { Put } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { createStallWatch } from "./stall.ts";

/** Only the browser may set these. */
const FORBIDDEN = new Set(["content-length", "host"]);
// Not the time of day: if it is corrected, a stalled request would wait for the difference.
const watchStall = createStallWatch(() => performance.now());

/** Uses XMLHttpRequest: fetch does not report upload progress, and was slower when measured. */
export const put: Put = (request, body, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const watch = watchStall(() => xhr.abort());
    const stop = () => xhr.abort();
    const end = (settle: () => void) => {
      watch.end();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const retry = () => end(() => reject(new UploadError({ type: "retry" })));

    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      if (!FORBIDDEN.has(name.toLowerCase())) xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = (event) => {
      watch.moved();
      onProgress(event.loaded);
    };
    xhr.onload = () => {
      watch.moved();
      if (xhr.status >= 200 && xhr.status < 300) return end(resolve);
      const answer = {
        status: xhr.status,
        text: xhr.responseText,
        // From all headers, because requesting a header that CORS hides logs an error to the console.
        retryAfter: /^retry-after: *(.*?)\r?$/im.exec(xhr.getAllResponseHeaders())?.[1],
      };
      end(() => reject(new UploadError(storageOutcome(answer, Date.now()))));
    };
    xhr.onerror = retry;
    xhr.onabort = () => (signal.aborted ? end(() => reject(signal.reason)) : retry());
    signal.addEventListener("abort", stop, { once: true });
    xhr.send(body);
  });
