import type { IncomingMessage } from "node:http";

/** The client disconnected before it had sent its body, so nobody can receive a response. */
export class DisconnectedError extends Error {}

/**
 * Reads a small body into memory; undefined if it is larger than `maxBytes`. The server (http-server.ts) then reads the
 * rest after the response: if it closed the connection, the client would lose the response.
 *
 * @throws DisconnectedError
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    throw request.complete ? error : new DisconnectedError("The client disconnected.");
  }
  return Buffer.concat(chunks);
}
