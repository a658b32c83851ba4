/** A proxy in front of a web server that records its requests, and clients of it. */
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { listen } from "@rushes/aws-local/wire/listen";
import { onTestFinished } from "vitest";
import { type ProxyOptions, startProxy } from "./index.ts";

export const SITE = "https://video.example.com";
export const HOST = new URL(SITE).host;

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

export async function open(options: Partial<ProxyOptions> & { respond?: Respond } = {}) {
  const { respond = (_, response) => void response.end("web"), ...more } = options;
  const requests: IncomingMessage[] = [];
  const lines: string[] = [];
  const web = await listen(
    createServer((message, response) => {
      requests.push(message);
      respond(message, response);
    }),
    { host: "127.0.0.1", port: 0 },
  );
  const proxy = await startProxy({
    host: "127.0.0.1",
    port: 0,
    publicUrl: SITE,
    trustedProxies: ["127.0.0.1"],
    routes: {},
    web: web.url,
    onLog: (line: string) => void lines.push(line),
    ...more,
  });
  onTestFinished(async () => {
    await proxy.close();
    await web.close();
  });
  return { port: proxy.port, requests, lines, web };
}

/** Sends a request like a browser whose TLS ended in front of the proxy: with the public name. */
export function begin(port: number, path: string, options: RequestOptions = {}) {
  const headers = { host: HOST, ...options.headers };
  return request({ host: "127.0.0.1", port, path, ...options, headers });
}

export async function ask(port: number, path: string, options: RequestOptions = {}, body?: Buffer) {
  const outgoing = begin(port, path, options);
  outgoing.end(body);
  const [response]: IncomingMessage[] = await once(outgoing, "response");
  if (!response) throw new Error("There is no response.");
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

/** Sends exactly these bytes to a server. Returns its response until the connection ends. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  let response = "";
  socket.on("data", (chunk) => {
    response += chunk.toString("latin1");
  });
  await new Promise((closed) => socket.once("close", closed));
  return response;
}
