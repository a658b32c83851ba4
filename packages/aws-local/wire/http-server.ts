/** Creates every HTTP server of this project. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { isOwnHost } from "./guard.ts";

/** A client that takes longer to send its headers is disconnected. */
const HEADERS_MS = 15_000;
/** Longer than proxies, load balancers and the SDK keep an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** How long a whole request may take; the largest mail is 40 MB. */
const REQUEST_MS = 300_000;
/** A client that stops sending a rejected body is disconnected after this time. */
const STALL_MS = 10_000;
/** Large chunks from the socket need fewer turns of the event loop. */
const STREAM_BYTES = 1024 * 1024;

interface ServerOptions {
  /**
   * Which Host headers are accepted. `own`: only this machine's names, against DNS rebinding. `any`: for the
   * reverse proxy, which checks the name itself.
   */
  hosts: "own" | "any";
  /** How long a whole request may take, in milliseconds; 0 for uploads, whose reader disconnects a stalled client. */
  requestMs?: number;
  /** For tests: how long a client may take to send its headers. */
  headersMs?: number;
  /** Handles `Expect: 100-continue`. Without it, Node sends 100 Continue. */
  onContinue?: RequestListener;
}

/** Creates a server that disconnects slow clients, rejects other hosts, and reads every body to its end. */
export function createHttpServer(handler: RequestListener, options: ServerOptions): Server {
  const { hosts, requestMs = REQUEST_MS, headersMs = HEADERS_MS, onContinue } = options;
  const guarded = (next: RequestListener) => guard(next, hosts);
  const server = createServer(
    {
      requestTimeout: requestMs,
      ...headerLimits(headersMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      highWaterMark: STREAM_BYTES,
      noDelay: true,
    },
    guarded(handler),
  );
  if (onContinue) server.on("checkContinue", guarded(onContinue));
  return server;
}

/** The options of Node's server for how long a client may take to send its headers. */
export const headerLimits = (headersMs = HEADERS_MS) => ({
  headersTimeout: headersMs,
  // Node checks every 30 seconds by default, which would give slow clients more time.
  connectionsCheckingInterval: Math.min(5000, headersMs),
});

/** Without TRACE, which shows a page headers that its browser hides from it. */
const METHODS: ReadonlySet<string> = new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
]);

/** Rejects other hosts, methods that nothing serves, and targets that are no path. */
export function guard(next: RequestListener, hosts: ServerOptions["hosts"]): RequestListener {
  return (request, response) => {
    response.once("finish", () => drain(request));
    const { method = "" } = request;
    if (!METHODS.has(method)) reject(response, 405, `${method} is not served here.`);
    else if (hosts === "own" && !isOwnHost(request)) {
      reject(response, 421, "Only 127.0.0.1 and localhost are served here.");
    } else if (!takePath(request)) reject(response, 400, "Request a path of this server.");
    else next(request, response);
  };
}

/**
 * Turns a whole URL of this server, as some proxies send it, into its path. Code behind this reads only paths. False for
 * a URL of another server, and for `*`.
 */
function takePath(request: IncomingMessage): boolean {
  const { url = "/", headers } = request;
  if (url.startsWith("/")) return true;
  const [, host, path = ""] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url) ?? [];
  if (host === undefined || host.toLowerCase() !== headers.host?.toLowerCase()) return false;
  request.url = path.startsWith("/") ? path : `/${path}`;
  return true;
}

/**
 * Reads the rest of a body after an early response. Unread, it would block the next request on the connection; and if
 * the connection were closed, the client would lose the response.
 */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), STALL_MS);
  request.on("data", () => timer.refresh());
  for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
  request.resume();
}

function reject(response: ServerResponse, status: number, sentence: string): void {
  const { method } = response.req;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(`${sentence}\n`),
    "cache-control": "no-store",
    connection: "close",
    ...(status === 405 && { allow: "GET, HEAD, POST, PUT, PATCH, DELETE" }),
  });
  response.end(method === "HEAD" ? undefined : `${sentence}\n`);
}
