import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "@rushes/aws-local/wire/listen";
import { freePort } from "@rushes/testing/ports";
import { expect, onTestFinished, test } from "vitest";
import { startWeb } from "./index.ts";

const HOST = "127.0.0.1";

/** A project whose built web app is the given program. */
async function projectWith(program: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "rushes-web-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, "packages/web/.next/standalone/packages/web");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "server.js"), program);
  return root;
}

const SERVE = `require("node:http").createServer((request, response) => {
  response.writeHead(ready() ? 200 : 503).end();
}).listen(Number(process.env.PORT), process.env.HOSTNAME);`;

test("waits for a slow web app and reports the wait", async () => {
  // It is ready when it has been announced twice.
  const root = await projectWith(`
    const { existsSync } = require("node:fs");
    const ready = () => existsSync(process.env.READY_FILE);
    ${SERVE}`);
  const file = join(root, "ready");
  const waits: number[] = [];
  const web = await startWeb({
    root,
    host: HOST,
    port: await freePort(),
    env: { READY_FILE: file },
    onLog: () => {},
    noticeMs: 50,
    onWait: (seconds) => {
      waits.push(seconds);
      if (waits.length === 2) void writeFile(file, "");
    },
  });
  await web.stop();
  expect(waits.length).toBeGreaterThanOrEqual(2);
});

test("stops waiting when the start is aborted", async () => {
  const root = await projectWith(`const ready = () => false; ${SERVE}`);
  const stopping = new AbortController();
  const starting = startWeb({
    root,
    host: HOST,
    port: await freePort(),
    env: {},
    onLog: () => {},
    signal: stopping.signal,
    noticeMs: 50,
    onWait: () => stopping.abort(),
  });
  await expect(starting).rejects.toThrow("aborted");
});

test("reports a port that another program uses, instead of restarting forever", async () => {
  const root = await projectWith(`const ready = () => true; ${SERVE}`);
  // It responds, but not like the web app's health check.
  const server = createServer((_, response) => void response.writeHead(404).end());
  const { port, close } = await listen(server, { host: HOST, port: 0 });
  onTestFinished(close);
  const options = { root, host: HOST, port, env: {}, onLog: () => {}, onWait: () => {} };
  await expect(startWeb(options)).rejects.toThrow(
    `Another program took the web app's port ${port} of ${HOST}`,
  );
});

test("keeps the compiled code for the next start, although the web app is killed", async () => {
  const root = await projectWith(`const ready = () => true; ${SERVE}`);
  const cache = join(root, "cache");
  const web = await startWeb({
    root,
    host: HOST,
    port: await freePort(),
    env: { NODE_COMPILE_CACHE: cache },
    onLog: () => {},
    onWait: () => {},
  });
  const files = async () =>
    (await readdir(cache, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  await expect.poll(files).not.toHaveLength(0);
  await web.stop();
});

test("answers requests that the web app's server cannot, and leaves no connection without an answer", async () => {
  // Like Next, whose server keeps such a connection open.
  const root = await projectWith(`const ready = () => true;
    const { createServer } = require("node:http");
    require("node:http").createServer = (listener) =>
      createServer(listener).on("upgrade", (request, socket) => socket.on("error", () => {}));
    ${SERVE}`);
  const port = await freePort();
  const options = { root, host: HOST, port, env: {}, onLog: () => {}, onWait: () => {} };
  const web = await startWeb(options);
  onTestFinished(() => web.stop());
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  for (const [line, headers, status] of [
    ["GET * HTTP/1.1", "", 400],
    ["GET http://evil.example/api/jobs HTTP/1.1", "", 400],
    ["PROPFIND /api/jobs HTTP/1.1", "", 405],
    ["GET /_next/webpack-hmr HTTP/1.1", upgrade, 200],
  ] as const) {
    const socket = connect(port, HOST);
    socket.write(`${line}\r\nHost: ${HOST}:${port}\r\n${headers}\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString(), line).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  }
});
