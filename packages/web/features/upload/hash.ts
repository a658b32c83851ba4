import type { Hash } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import type { Hashed } from "./hash-worker.ts";

/** The wait before the worker's script is requested again. */
const RELOAD_MS = 5_000;

type Waiting = { bytes: Blob; settle(hashed: Hashed): void };

/**
 * Hashes in a worker, which starts with the first file and lives as long as the page. If its script cannot be loaded,
 * because the server is away, it is requested again: files wait for it, as they do for the server.
 */
export function createHash(): Hash {
  const waiting = new Map<number, Waiting>();
  let port: MessagePort | undefined;
  let count = 0;

  function start() {
    const worker = new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" });
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }: MessageEvent<Hashed>) => {
      waiting.get(data.id)?.settle(data);
      waiting.delete(data.id);
    };
    worker.onerror = () => {
      worker.terminate();
      setTimeout(start, RELOAD_MS);
    };
    worker.postMessage(undefined, [channel.port2]);
    for (const [id, { bytes }] of waiting) port.postMessage({ id, bytes });
  }

  return (bytes, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      count += 1;
      const id = count;
      const stop = () => {
        waiting.delete(id);
        reject(signal.reason);
      };
      waiting.set(id, {
        bytes,
        settle({ crc64nvme }) {
          signal.removeEventListener("abort", stop);
          if (crc64nvme !== undefined) resolve(crc64nvme);
          else reject(new UploadError({ type: "fail", problem: { type: "unreadable" } }));
        },
      });
      signal.addEventListener("abort", stop, { once: true });
      if (port) port.postMessage({ id, bytes });
      else start();
    });
}
