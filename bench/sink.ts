/**
 * The server that the S3 benchmarks compare with: it accepts a PUT, hashes it with md5, writes it and syncs it to the
 * disk, and does nothing else. Pages may PUT to it.
 *
 *   node bench/sink.ts FOLDER [PORT]
 */
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "PUT",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "ETag",
};
const WRITE_BYTES = 1024 * 1024;

/** Writes the body to a new file, which is removed after the response. */
async function take(folder: string, request: IncomingMessage, response: ServerResponse) {
  const path = join(folder, randomUUID());
  const hash = createHash("md5");
  request.on("data", (chunk: Buffer) => hash.update(chunk));
  await pipeline(request, createWriteStream(path, { flush: true, highWaterMark: WRITE_BYTES }));
  response.writeHead(200, { ...CORS, etag: `"${hash.digest("hex")}"`, "content-length": 0 });
  response.end();
  await rm(path);
}

/** Starts the sink on 127.0.0.1. Port 0 uses any free one. */
export async function startSink(
  folder: string,
  port = 0,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(
    { requestTimeout: 0, highWaterMark: WRITE_BYTES },
    (request, response) => {
      if (request.method === "PUT") {
        take(folder, request, response).catch(() => response.destroy());
      } else {
        response.writeHead(request.method === "OPTIONS" ? 204 : 405, CORS);
        response.end();
      }
    },
  );
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const [, , folder = ".", port = "0"] = process.argv;
  const { url } = await startSink(folder, Number(port));
  process.stdout.write(`${url}\n`);
}
