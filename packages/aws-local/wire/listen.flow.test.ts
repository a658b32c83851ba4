import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { CliError } from "@rushes/core/cli-error";
import { expect, onTestFinished, test } from "vitest";
import { createHttpServer } from "./http-server.ts";
import { listen } from "./listen.ts";
import { readBody } from "./read-body.ts";

const HOST = "127.0.0.1";
const KIB = 1024;

/** Starts a server that accepts bodies of at most a kilobyte. */
async function open(options: { headersMs?: number } = {}) {
  const answered: string[] = [];
  const server = createHttpServer(
    (request, response) => {
      void readBody(request, KIB).then((body) => {
        answered.push(`${request.method} ${request.url}`);
        response.writeHead(body ? 200 : 413).end(body ? "taken" : "too large");
      });
    },
    { hosts: "own", ...options },
  );
  const listening = await listen(server, { host: HOST, port: 0 });
  onTestFinished(listening.close);
  return { ...listening, answered };
}

/** Sends raw bytes and returns everything that is received until the connection ends. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, HOST);
  socket.write(bytes);
  return text(socket);
}

test("disconnects a client that sends its headers too slowly", async () => {
  const { port, answered } = await open({ headersMs: 200 });
  expect(await exchange(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Slow: `)).toMatch(
    /^HTTP\/1\.1 408 /,
  );
  expect(answered).toEqual([]);
});

test("responds to a body that is too large and to the next request on its connection", async () => {
  const { port, answered } = await open();
  const body = "a".repeat(300 * KIB);
  const answer = await exchange(
    port,
    [
      `POST /large HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `GET /next HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
    ].join(""),
  );
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
  expect(answered).toEqual(["POST /large", "GET /next"]);
});

test.each(["rebound.example", `127.0.0.1.example:80`, "", "[::2]", "2130706433"])(
  "rejects a request for the host %j before it reads the body",
  async (host) => {
    const { port, answered } = await open();
    const said = await exchange(port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 421 /);
    expect(answered).toEqual([]);
  },
);

test.each([HOST, "localhost", "LOCALHOST", "127.0.0.1:3000", "[::1]:3000"])(
  "accepts a request for this machine as %s",
  async (host) => {
    const { port } = await open();
    const said = await exchange(
      port,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
  },
);

test.each([
  ["GET * HTTP/1.1", 400],
  ["OPTIONS * HTTP/1.1", 400],
  ["GET http://evil.example/ HTTP/1.1", 400],
  ["GET http://[ HTTP/1.1", 400],
  [`GET http://${HOST}@evil.example/ HTTP/1.1`, 400],
  ["PROPFIND / HTTP/1.1", 405],
  ["TRACE / HTTP/1.1", 405],
])("rejects %s, and gives the client a sentence", async (line, status) => {
  const { port, answered } = await open();
  const answer = await exchange(port, `${line}\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n.*\\.\n$`));
  expect(answered).toEqual([]);
});

test("serves the whole URL of this server as its path, which some proxies send", async () => {
  const { port, answered } = await open();
  for (const url of [`http://${HOST}/a?b=c`, `HTTP://${HOST}?q`, `http://${HOST}`]) {
    await exchange(port, `GET ${url} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
  }
  expect(answered).toEqual(["GET /a?b=c", "GET /?q", "GET /"]);
});

test("reports a port in use in a sentence", async () => {
  const { port } = await open();
  const server = createHttpServer(() => {}, { hosts: "own" });
  await expect(listen(server, { host: HOST, port })).rejects.toThrow(
    new CliError(
      `Port ${port} of ${HOST} is used by another program; stop it, or set another port (docs/settings.md).`,
    ),
  );
});

test("reports an address of another machine in a sentence", async () => {
  const server = createHttpServer(() => {}, { hosts: "any" });
  // Of a range that is kept for documentation: https://www.rfc-editor.org/rfc/rfc5737
  await expect(listen(server, { host: "192.0.2.1", port: 0 })).rejects.toThrow(
    "192.0.2.1 is not an address of this machine",
  );
});
