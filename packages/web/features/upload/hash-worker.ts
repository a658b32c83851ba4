/** Hashes files in a thread of its own, so that the page stays responsive, and one after another. */
import { createCrc64 } from "@rushes/core/transfer/crc64";
import { crc64Of } from "@rushes/core/transfer/crc64-of";

interface Job {
  id: number;
  bytes: Blob;
}
/** `crc64nvme` is absent if the bytes cannot be read. */
export interface Hashed {
  id: number;
  crc64nvme?: string;
}

// Types of workers contradict those of pages, which this package uses. A port has the same type in both.
addEventListener("message", ({ ports: [port] }) => {
  if (!port) return;
  let last: Promise<void> = Promise.resolve();
  // Computes the tables before the first file.
  createCrc64();
  port.onmessage = ({ data }: MessageEvent<Job>) => {
    last = last.then(async () => port.postMessage(await hashed(data)));
  };
});

async function hashed({ id, bytes }: Job): Promise<Hashed> {
  try {
    return { id, crc64nvme: await crc64Of(bytes) };
  } catch {
    return { id };
  }
}
