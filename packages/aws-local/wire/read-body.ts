import type { IncomingMessage } from "node:http";

/**
 * Reads a small body whole; undefined when it is larger than `maxBytes`. The rest is then left to the server
 * (listen.ts), which reads it after the answer: a connection that is ended on it would lose the answer.
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
