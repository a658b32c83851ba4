/**
 * The reverse proxy of public mode: one origin for the pages, the buckets and the identity provider. TLS ends in
 * front of it, and everything behind it stays on 127.0.0.1.
 */
import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { createHttpServer } from "@rushes/aws-local/wire/http-server";
import { type Listening, listen } from "@rushes/aws-local/wire/listen";
import { OBJECT_POLICY } from "@rushes/core/http/csp";
import { createProxyServer } from "httpxy";
import { clientAddress, trustedList } from "./client.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ProxyOptions {
  host: string;
  port: number;
  /** The origin that browsers use. */
  publicUrl: string;
  /** Addresses and ranges whose X-Forwarded-For header is trusted. */
  trustedProxies: readonly string[];
  /** Handlers in this process, by the first segment of the path. */
  routes: Readonly<Record<string, Handler>>;
  /** The web server, for all other paths. */
  web: string;
  onLog(line: string): void;
  /** For tests: how long a client may take to send its headers. */
  headersMs?: number;
}

/** The pages and the API respond within this time, or not at all. */
const WEB_MS = 60_000;
/** Shorter than the web server's keep-alive, which could otherwise close a connection as a request is sent. */
const WEB_IDLE_MS = 30_000;
/** Headers that only this proxy may send to the servers behind it, and Next's internal ones. */
const INTERNAL = /^(forwarded|x-forwarded-.*|x-real-ip|x-middleware-.*|x-invoke-.*)$/;
/**
 * Without OPTIONS: everything has one origin, so only pages of other sites would send a preflight. Without TRACE,
 * which shows a page what its browser hides from it.
 */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const HEALTH = "/api/health";

interface Context {
  options: ProxyOptions;
  origin: URL;
  trusted: ReturnType<typeof trustedList>;
  proxy: ReturnType<typeof createProxyServer>;
}

/** Resolves when the proxy accepts connections. */
export async function startProxy(options: ProxyOptions): Promise<Listening> {
  const agent = new Agent({ keepAlive: true, timeout: WEB_IDLE_MS });
  const target = { target: options.web, agent, xfwd: false, proxyTimeout: WEB_MS };
  const context: Context = {
    options,
    origin: new URL(options.publicUrl),
    trusted: trustedList(options.trustedProxies),
    proxy: createProxyServer(target),
  };
  const server = createHttpServer((request, response) => handle(context, request, response), {
    hosts: "any",
    // An upload may take as long as it makes progress. The servers behind end one that stalls.
    requestMs: 0,
    ...(options.headersMs !== undefined && { headersMs: options.headersMs }),
    // S3 decides itself when a client may continue.
    onContinue: (request, response) => handle(context, request, response, true),
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

/** @param expectsContinue whether the client waits for "100 Continue" before it sends the body */
function handle(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue = false,
): void {
  const { options, origin, proxy } = context;
  const path = request.url ?? "/";
  if (origin.protocol === "https:") {
    response.setHeader("strict-transport-security", "max-age=63072000");
  }
  response.setHeader("x-content-type-options", "nosniff");
  const rejection = rejectionOf(request, origin);
  if (rejection) {
    if (rejection.status === 405) response.setHeader("allow", [...METHODS].join(", "));
    sendRejection(response, rejection.status, rejection.message);
    return;
  }
  setForwarded(context, request);
  const segment = /^\/([^/?]*)/.exec(path)?.[1] ?? "";
  const route = Object.hasOwn(options.routes, segment) ? options.routes[segment] : undefined;
  if (route) {
    response.setHeader("content-security-policy", OBJECT_POLICY);
    route(request, response);
    return;
  }
  if (expectsContinue) response.writeContinue();
  proxy.web(request, response).catch((error: NodeJS.ErrnoException) => {
    // The client has disconnected.
    if (response.destroyed) return;
    const code = error.code ?? error.name;
    options.onLog(`The web server did not answer ${loggable(path)}: ${code}`);
    sendUnavailable(response, path);
  });
}

function rejectionOf(
  request: IncomingMessage,
  origin: URL,
): { status: number; message: string } | undefined {
  if (!METHODS.has(request.method ?? "")) {
    return { status: 405, message: "This method is not supported." };
  }
  if (!(request.url ?? "/").startsWith("/")) {
    return { status: 400, message: "Request a path, not a whole URL." };
  }
  if (!isOwnHost(request, origin)) {
    const message = `Rushes is not served under this name. Open ${origin.origin} instead.`;
    return { status: 421, message };
  }
  return undefined;
}

/** Replaces the headers about the request's origin with what this proxy knows. */
function setForwarded({ origin, trusted }: Context, { headers, socket }: IncomingMessage): void {
  const forwardedFor = headers["x-forwarded-for"]?.toString();
  const address = clientAddress(socket.remoteAddress, forwardedFor, trusted);
  for (const name of Object.keys(headers)) if (INTERNAL.test(name)) delete headers[name];
  headers["x-forwarded-for"] = address;
  headers["x-forwarded-proto"] = origin.protocol.slice(0, -1);
  headers["x-forwarded-host"] = origin.host;
}

/** Without the query and without a share link's address, which grants access to a video. */
const loggable = (path: string) =>
  path.replace(/[?#].*$/s, "").replace(/\/(watch|embed)\/.*$/s, "/$1/…");

/** Whether the Host header names the public origin, or this machine checks its own health. */
function isOwnHost(request: IncomingMessage, origin: URL): boolean {
  const { host = "" } = request.headers;
  if (!URL.canParse(`${origin.protocol}//${host}`)) return false;
  const requested = new URL(`${origin.protocol}//${host}`);
  if (requested.host === origin.host && requested.username === "") return true;
  const local = /^(::ffff:)?127\./.test(request.socket.remoteAddress ?? "");
  return local && request.url === HEALTH && /^(127\.0\.0\.1|localhost)$/.test(requested.hostname);
}

function sendRejection(response: ServerResponse, status: number, message: string): void {
  const body = `${message}\n`;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(body);
}

function sendUnavailable(response: ServerResponse, path: string): void {
  if (response.headersSent) {
    // Only a broken connection tells the client that the response is incomplete.
    response.destroy();
    return;
  }
  response.setHeader("retry-after", "5");
  const message = "Rushes is restarting. Try again in a moment.";
  if (!path.startsWith("/api/")) {
    sendRejection(response, 503, message);
    return;
  }
  response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ code: "service.unavailable", message }));
}
