/** The one way in which an HTTP server of this project is made and bound. */
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { isOwnHost } from "./guard.ts";
import { SettingsError } from "./settings.ts";

/** A client that takes longer over its headers is ended. */
const HEADERS_MS = 15_000;
/** Longer than proxies, load balancers and the SDK keep a connection that waits. */
const KEEP_ALIVE_MS = 65_000;
/** How long a whole request may take; the largest mail is 40 MB. */
const REQUEST_MS = 300_000;
/** A client that sends nothing more of a body that was refused is ended after this time. */
const STALL_MS = 10_000;
/** Large chunks off the socket: fewer turns of the loop for the same bytes. */
const STREAM_BYTES = 1024 * 1024;

export interface ServerOptions {
  /**
   * Whose requests are answered: `own` those that name this machine as Host, against DNS rebinding; `any` for
   * the public proxy, which compares the name itself.
   */
  hosts: "own" | "any";
  /** How long a whole request may take, in milliseconds; 0 for uploads, which end by themselves when they stall. */
  requestMs?: number;
  /** For tests: how long a client may take over its headers. */
  headersMs?: number;
  /** Answers `Expect: 100-continue`; without it the client is told to go on. */
  onContinue?: RequestListener;
}

/** Makes a server that ends slow clients, refuses foreign hosts, and never leaves half a body on a connection. */
export function createHttpServer(handler: RequestListener, options: ServerOptions): Server {
  const { hosts, requestMs = REQUEST_MS, headersMs = HEADERS_MS, onContinue } = options;
  const guarded =
    (next: RequestListener): RequestListener =>
    (request, response) => {
      response.once("finish", () => drain(request));
      if (hosts === "own" && !isOwnHost(request)) refuseHost(request, response);
      else next(request, response);
    };
  const server = createServer(
    {
      requestTimeout: requestMs,
      headersTimeout: headersMs,
      // Node looks every half minute, and until then a slow client would have its way.
      connectionsCheckingInterval: Math.min(5000, headersMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      highWaterMark: STREAM_BYTES,
      noDelay: true,
    },
    guarded(handler),
  );
  if (onContinue) server.on("checkContinue", guarded(onContinue));
  return server;
}

/**
 * Reads the rest of a body that was answered before its end. Unread, it would keep the next request on the
 * connection waiting forever; and a connection that is closed on it would lose the answer.
 */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), STALL_MS);
  request.on("data", () => timer.refresh());
  for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
  request.resume();
}

function refuseHost(request: IncomingMessage, response: ServerResponse): void {
  const body = "Only 127.0.0.1 and localhost are served here.\n";
  response.writeHead(421, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

export interface Listening {
  port: number;
  /** Without a slash at its end. */
  url: string;
  /** Ends open connections too, so that it does not wait for idle keep-alives. */
  close(): Promise<void>;
}

/**
 * Binds a server; port 0 means any free one.
 *
 * @throws SettingsError with a sentence where the port is in use, or the address is not this machine's.
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  server.listen(port, host);
  await once(server, "listening").catch((error: unknown) => {
    throw notBound(error, host, port);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Not bound to a TCP port.");
  return {
    port: address.port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Why an address could not be bound, as a sentence where somebody can do something about it. */
export function notBound(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new SettingsError([
        `Port ${port} of ${host} is used by another program; stop it, or set another port (docs/settings.md).`,
      ]);
    case "EACCES":
      return new SettingsError([
        `Port ${port} of ${host} is reserved by the system; set a port over 1023 (docs/settings.md).`,
      ]);
    case "EADDRNOTAVAIL":
      return new SettingsError([
        `${host} is not an address of this machine; set RUSHES_HOST to one that is, or unset it.`,
      ]);
    default:
      return error;
  }
}
