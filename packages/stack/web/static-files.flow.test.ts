import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { listen } from "@rushes/aws-local/wire/listen";
import { expect, onTestFinished, test } from "vitest";
import { withStaticFiles } from "./static-files.ts";

const SCRIPT = "console.log(1);".repeat(100);

/** A server with one script and one secret beside the folder. Returns a function that requests a path. */
async function open() {
  const root = await mkdtemp(join(tmpdir(), "rushes-static-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "static/chunks"), { recursive: true });
  await writeFile(join(root, "static/chunks/0a-~b.js"), SCRIPT);
  await writeFile(join(root, "secret.js"), "secret");
  const next = (_: unknown, response: import("node:http").ServerResponse) =>
    void response.writeHead(404).end("next");
  const server = createServer(withStaticFiles(join(root, "static"), next));
  const { port, close } = await listen(server, { host: "127.0.0.1", port: 0 });
  onTestFinished(close);
  return async (path: string, headers: Record<string, string>, method = "GET") => {
    const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, headers, method }, resolve)
        .on("error", reject)
        .end();
    });
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  };
}

test("sends a script as it was built, in the encoding that the browser accepts", async () => {
  const get = await open();
  const path = "/_next/static/chunks/0a-~b.js";
  for (const time of ["first", "second"]) {
    const best = await get(path, { "accept-encoding": "gzip, deflate, br, zstd" });
    expect(best.headers, time).toMatchObject({
      "content-encoding": "br",
      "content-type": "application/javascript; charset=UTF-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "Accept-Encoding",
    });
    expect(brotliDecompressSync(best.body).toString()).toBe(SCRIPT);
  }
  const other = await get(path, { "accept-encoding": "gzip, deflate" });
  expect(other.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(other.body).toString()).toBe(SCRIPT);
});

test("leaves everything else to Next, and no path leads out of the folder", async () => {
  const get = await open();
  const accepts = { "accept-encoding": "br" };
  const script = "/_next/static/chunks/0a-~b.js";
  const requests: [string, Record<string, string>, string?][] = [
    ["/_next/static/../secret.js", accepts],
    ["/_next/static/%2e%2e/secret.js", accepts],
    ["/_next/static/chunks/..%2f..%2f..%2fsecret.js", accepts],
    ["/_next/static/chunks/none.js", accepts],
    ["/secret.js", accepts],
    [script, {}],
    [script, { "accept-encoding": "br;q=0, gzip;q=0" }],
    [script, { ...accepts, range: "bytes=0-1" }],
    [script, accepts, "POST"],
  ];
  for (const one of requests) {
    const { status, body } = await get(...one);
    expect([status, body.toString()], one[0]).toEqual([404, "next"]);
  }
});
