/**
 * The one door of a home that others reach: one origin for the pages, the buckets and the provider. TLS
 * ends in front of it; everything behind it stays on 127.0.0.1.
 */
import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { createHttpServer } from "@rushes/aws-local/wire/http-server";
import { type Listening, listen } from "@rushes/aws-local/wire/listen";
import { NO_PAGE } from "@rushes/core/no-page";
import { createProxyServer } from "httpxy";
import { clientAddress, trust } from "./client.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontOptions {
  host: string;
  port: number;
  /** Origin under which browsers come. */
  publicUrl: string;
  /** Addresses and ranges whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** Who answers in this process, by the first segment of the path. */
  rooms: Readonly<Record<string, Handler>>;
  /** Where all else is answered. */
  web: string;
  onLog(line: string): void;
  /** For tests: how long a client may take over its headers. */
  headersMs?: number;
}

/** The pages and the API answer sooner, or not at all. */
const WEB_MS = 60_000;
/** Less than the web server keeps one of ours, which else might end it while a request is on its way. */
const WEB_IDLE_MS = 30_000;
/** What only we may say to those behind us, and what Next says to itself. */
const OURS = /^(forwarded|x-forwarded-.*|x-real-ip|x-middleware-.*|x-invoke-.*)$/;
/**
 * Not OPTIONS: all is of one origin, so that only pages of other sites would ask. Not TRACE, which shows
 * a page what its browser keeps from it.
 */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const HEALTH = "/api/health";
/** Starts the door; resolves when it answers. */
export async function startFront(options: FrontOptions): Promise<Listening> {
  const { publicUrl, rooms, web, onLog } = options;
  const own = new URL(publicUrl);
  const trusted = trust(options.trustedProxies);
  const agent = new Agent({ keepAlive: true, timeout: WEB_IDLE_MS });
  const proxy = createProxyServer({ target: web, agent, xfwd: false, proxyTimeout: WEB_MS });
  const secure = own.protocol === "https:";

  function handle(request: IncomingMessage, response: ServerResponse, continues = false): void {
    const path = request.url ?? "/";
    if (secure) response.setHeader("strict-transport-security", "max-age=63072000");
    response.setHeader("x-content-type-options", "nosniff");
    if (!METHODS.has(request.method ?? "")) {
      response.setHeader("allow", [...METHODS].join(", "));
      refuse(response, 405, "Nothing here knows this method.");
      return;
    }
    if (!path.startsWith("/")) {
      refuse(response, 400, "Ask for a path, not for a whole address.");
      return;
    }
    if (!isOurs(request, own)) {
      refuse(response, 421, `Rushes is not served under this name. Open ${publicUrl} instead.`);
      return;
    }
    const address = clientAddress(
      request.socket.remoteAddress,
      request.headers["x-forwarded-for"]?.toString(),
      trusted,
    );
    for (const name of Object.keys(request.headers)) {
      if (OURS.test(name)) delete request.headers[name];
    }
    request.headers["x-forwarded-for"] = address;
    request.headers["x-forwarded-proto"] = own.protocol.slice(0, -1);
    request.headers["x-forwarded-host"] = own.host;
    const room = /^\/([^/?]*)/.exec(path)?.[1] ?? "";
    const handler = Object.hasOwn(rooms, room) ? rooms[room] : undefined;
    if (handler) {
      response.setHeader("content-security-policy", NO_PAGE);
      handler(request, response);
      return;
    }
    if (continues) response.writeContinue();
    proxy.web(request, response).catch((error: NodeJS.ErrnoException) => {
      // Whoever went away needs no answer.
      if (response.destroyed) return;
      onLog(`The web server did not answer ${loggable(path)}: ${error.code ?? error.name}`);
      unavailable(response, path);
    });
  }

  const server = createHttpServer((request, response) => handle(request, response), {
    hosts: "any",
    // An upload may take as long as it moves; those behind us end what stands still.
    requestMs: 0,
    ...(options.headersMs !== undefined && { headersMs: options.headersMs }),
    // S3 says by itself when a client may go on.
    onContinue: (request, response) => handle(request, response, true),
  });
  const listening = await listen(server, { host: options.host, port: options.port });
  return {
    ...listening,
    async close() {
      await listening.close();
      agent.destroy();
    },
  };
}

/** Without the query, and without what stands behind `/watch/`: whoever has that can open a video. */
const loggable = (path: string) =>
  path.replace(/[?#].*$/s, "").replace(/\/(watch|embed)\/.*$/s, "/$1/…");

/** Asked under our own name; or, by this machine itself, for its health. */
function isOurs(request: IncomingMessage, own: URL): boolean {
  const { host = "" } = request.headers;
  if (!URL.canParse(`${own.protocol}//${host}`)) return false;
  const asked = new URL(`${own.protocol}//${host}`);
  if (asked.host === own.host && asked.username === "") return true;
  const local = /^(::ffff:)?127\./.test(request.socket.remoteAddress ?? "");
  return local && request.url === HEALTH && /^(127\.0\.0\.1|localhost)$/.test(asked.hostname);
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(body);
}

function unavailable(response: ServerResponse, path: string): void {
  if (response.headersSent) {
    // Only a broken connection says that this is not all.
    response.destroy();
    return;
  }
  response.setHeader("retry-after", "5");
  const message = "Rushes is starting again. Try again in a moment.";
  if (!path.startsWith("/api/")) {
    refuse(response, 503, message);
    return;
  }
  response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ code: "service.unavailable", message }));
}
