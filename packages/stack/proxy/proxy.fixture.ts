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

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function open(options: Partial<ProxyOptions> & { answer?: Answer } = {}) {
  const { answer = (_, response) => void response.end("web"), ...more } = options;
  const asked: IncomingMessage[] = [];
  const lines: string[] = [];
  const web = await listen(
    createServer((message, response) => {
      asked.push(message);
      answer(message, response);
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
  return { port: proxy.port, asked, lines, web };
}

/** Sends a request like a browser whose TLS ended in front of the proxy: with the public name. */
export function begin(port: number, path: string, options: RequestOptions = {}) {
  const headers = { host: HOST, ...options.headers };
  return request({ host: "127.0.0.1", port, path, ...options, headers });
}

export async function ask(port: number, path: string, options: RequestOptions = {}, body?: Buffer) {
  const asking = begin(port, path, options);
  asking.end(body);
  const [answer]: IncomingMessage[] = await once(asking, "response");
  if (!answer) throw new Error("There is no answer.");
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

/** Sends exactly these bytes to a server. Returns its response until the connection ends. */
export async function say(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk.toString("latin1");
  });
  await new Promise((closed) => socket.once("close", closed));
  return said;
}
