/** Sends bytes from files to a client. */
import { open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { type Range, slicesOf } from "./range.ts";

/** Two chunks fit in a processor's second-level cache; larger and smaller chunks were slower. */
const CHUNK_BYTES = 256 * 1024;

/** Writes a chunk and resolves when the system has it, or when the client has disconnected. */
type Write = (chunk: Buffer) => Promise<void>;

/**
 * Sends a range of the files' combined bytes, as fast as the client receives them, and ends the response. Returns
 * early if the client disconnects.
 *
 * Two buffers take turns: one is read while the other is written. A stream would allocate a buffer for each chunk,
 * which took longer than reading the file.
 *
 * @throws Error if a file ends before its range does
 */
export async function sendRange(
  response: ServerResponse,
  files: readonly { path: string; sizeBytes: number }[],
  range: Range,
): Promise<void> {
  // A response that waits for an earlier one on its connection has no socket yet; its request has.
  const { socket } = response.req;
  let onWritten = () => {};
  const write: Write = (chunk) =>
    new Promise((resolve) => {
      onWritten = resolve;
      response.write(chunk, () => resolve());
    });
  const onClose = () => onWritten();
  socket.once("close", onClose);
  try {
    for (const { path, start, end } of slicesOf(files, range)) {
      await sendFile(path, { start, end }, write, () => socket.destroyed);
      if (socket.destroyed) return;
    }
    response.end();
  } finally {
    socket.off("close", onClose);
  }
}

async function sendFile(
  path: string,
  { start, end }: Range,
  write: Write,
  isDisconnected: () => boolean,
): Promise<void> {
  const bufferBytes = Math.min(CHUNK_BYTES, end - start + 1);
  let free = Buffer.allocUnsafeSlow(bufferBytes);
  let next = Buffer.allocUnsafeSlow(bufferBytes);
  let position = start;
  const handle = await open(path, "r");
  /** Empty at the end of the range. */
  const fill = async (buffer: Buffer): Promise<Buffer> => {
    const length = Math.min(buffer.length, end + 1 - position);
    if (length === 0) return buffer.subarray(0, 0);
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    if (bytesRead === 0) throw new Error(`A stored file ended at byte ${position} of ${end + 1}.`);
    position += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  try {
    let chunk = await fill(free);
    while (chunk.length > 0 && !isDisconnected()) {
      [free, next] = [next, free];
      [chunk] = await Promise.all([fill(free), write(chunk)]);
    }
  } finally {
    await handle.close();
  }
}
