import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Browser, Page } from "@playwright/test";

/** Forwards all requests, drops them, or returns 503 for the dashboard. */
type Mode = "open" | "cut" | "unavailable";

export interface Line {
  /** For Playwright's `proxy.server`. */
  url: string;
  set(mode: Mode): void;
  /** Changes one byte of the next PUT on its way. Returns the statuses of all PUTs from then on. */
  flip(): number[];
  /** Holds PUTs to these URLs until the returned function is called. */
  hold(urls: RegExp): () => void;
  close(): Promise<void>;
}

/** An HTTP proxy between the browser and all servers, so that a test can disconnect the network or the dashboard. */
export async function startLine(dashboard: string): Promise<Line> {
  let mode: Mode = "open";
  let flips = 0;
  const statuses: number[] = [];
  let held: { urls: RegExp; released: Promise<void> } | undefined;
  const dashboardHost = new URL(dashboard).host;

  async function carry(incoming: IncomingMessage, outgoing: ServerResponse) {
    const url = new URL(incoming.url ?? "");
    if (mode === "cut") return incoming.socket.destroy();
    if (mode === "unavailable" && url.host === dashboardHost) {
      incoming.resume();
      outgoing.writeHead(503, { "content-type": "text/html" }).end("<h1>Service unavailable</h1>");
      return;
    }
    const { method, headers } = incoming;
    if (method === "PUT" && held?.urls.test(url.href)) await held.released;
    // The page has stopped it meanwhile.
    if (incoming.destroyed) return;
    const upstream = request(url, { method, headers }, (answer) => {
      if (method === "PUT") statuses.push(answer.statusCode ?? 0);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on("error", () => incoming.socket.destroy());
    outgoing.on("close", () => upstream.destroy());
    if (method === "PUT" && flips > 0) {
      flips -= 1;
      incoming.once("data", (first: Buffer) => {
        first[0] = (first[0] ?? 0) ^ 1;
      });
    }
    incoming.pipe(upstream);
  }

  const server = createServer((incoming, outgoing) => void carry(incoming, outgoing));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    set(next) {
      mode = next;
      if (mode === "cut") server.closeAllConnections();
    },
    flip() {
      flips = 1;
      statuses.length = 0;
      return statuses;
    },
    hold(urls) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = { urls, released: promise };
      return resolve;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A page whose requests all go through the proxy. */
export async function pageOn(
  line: Pick<Line, "url">,
  browser: Browser,
  baseURL: string | undefined,
): Promise<Page> {
  const context = await browser.newContext({
    proxy: { server: line.url, bypass: "<-loopback>" },
    ...(baseURL ? { baseURL } : {}),
  });
  return context.newPage();
}
