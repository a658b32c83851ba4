import type { IncomingMessage } from "node:http";

/**
 * Reads a small body into memory; undefined if it is larger than `maxBytes`. The server (http-server.ts) then reads the
 * rest after the response: if it closed the connection, the client would lose the response.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
