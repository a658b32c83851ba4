import { once } from "node:events";
import { readdir, truncate } from "node:fs/promises";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, onTestFinished, test } from "vitest";

/** More than the sockets of both sides buffer, so that the server still reads while the client waits. */
const SIZE_BYTES = 48 * 1024 ** 2;
const KEY = "film.mp4";
const object = { Bucket: BUCKET, Key: KEY };

async function serveObject() {
  const { client, dataDir } = await serve();
  await client.send(new PutObjectCommand({ ...object, Body: Buffer.alloc(SIZE_BYTES, "film") }));
  const folder = join(dataDir, "blobs");
  const blobs = async () => (await readdir(folder)).filter((name) => !name.includes("."));
  const url = await getSignedUrl(client, new GetObjectCommand(object));
  return { client, folder, blobs, url };
}

test("breaks the connection if a stored file is truncated while it is read", async () => {
  const { folder, blobs, url } = await serveObject();
  // The client keeps the connection open after the response.
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const [response] = await once(get(url, { agent }), "response");
  const [blob = ""] = await blobs();
  await truncate(join(folder, blob), 1024);
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await expect(once(response, "end")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(bytes).toBeLessThan(SIZE_BYTES);
});

test("deletes a removed object's file after its last reader, also if that response had to wait", async () => {
  const { client, blobs, url } = await serveObject();
  const { port, host, pathname, search } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  // The second response waits for the first, which the client does not read to its end.
  socket.write(request + request);
  await once(socket, "readable");
  await client.send(new DeleteObjectCommand(object));
  expect(await blobs()).toHaveLength(1);
  socket.destroy();
  await until(async () => (await blobs()).length === 0);
});
