import type { Hash } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import type { Hashed } from "./hash-worker.ts";

type Settle = (hashed: Hashed | "not_loaded") => void;

/**
 * Hashes in a worker, which starts before the first file is chosen and lives as long as the page. Rejects with the outcome
 * `retry` if its script cannot be loaded, because the server is away: the next file starts it again.
 */
export function createHash(): Hash {
  const waiting = new Map<number, Settle>();
  let port: MessagePort | undefined = start();
  let count = 0;

  function start(): MessagePort {
    const worker = new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Hashed>) => waiting.get(data.id)?.(data);
    worker.onerror = () => {
      worker.terminate();
      port = undefined;
      for (const settle of waiting.values()) settle("not_loaded");
    };
    worker.postMessage(undefined, [port2]);
    return port1;
  }

  return (bytes, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      count += 1;
      const id = count;
      const end = () => {
        waiting.delete(id);
        signal.removeEventListener("abort", stop);
      };
      const stop = () => {
        end();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop);
      waiting.set(id, (hashed) => {
        end();
        if (hashed === "not_loaded") reject(new UploadError({ type: "retry" }));
        else if (hashed.crc64nvme !== undefined) resolve(hashed.crc64nvme);
        else reject(new UploadError({ type: "fail", problem: { type: "unreadable" } }));
      });
      port ??= start();
      port.postMessage({ id, bytes });
    });
}
