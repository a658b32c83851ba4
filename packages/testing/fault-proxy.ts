/** A proxy between a program that uploads and its servers, which injects faults into its requests. */
import * as http from "node:http";
import { listen } from "./api-server.ts";

/** What a request is for. A PUT sends a part or a whole file to S3; the others are the API's. */
export type Call = "create" | "sign" | "put" | "complete" | "other";

export type Fault =
  /** Destroys the connection after this share of the request's body. */
  | { type: "cut"; at: number }
  /** Destroys the connection in the middle of the API's response. */
  | { type: "cut answer" }
  /** Lets the server process the request, and drops its response. */
  | { type: "lost" }
  /** Responds with this status instead of the server. */
  | { type: "status"; status: number }
  /** Changes one byte of the request's body. */
  | { type: "flip"; at: number };

/** A fault for the request with this number of all requests for the same purpose, from 0. */
export type Planned = { call: Call; number: number; fault: Fault };

export interface FaultProxy {
  url: string;
  /** Replaces the faults, and counts from zero. */
  plan(faults: readonly Planned[]): void;
  /** Runs `action` once this many bytes of bodies have been sent to S3 since `plan`. */
  at(sentBytes: number, action: () => void): void;
  /** Destroys every connection, and each new one until `connect`. */
  disconnect(): void;
  connect(): void;
  /** Counts the PUTs in flight as hit, because their client was killed. */
  hit(): void;
  /** What has happened since `plan`. */
  counts(): Counts;
  /** The number of requests that have no response yet. */
  active(): number;
  close(): Promise<void>;
}

export interface Counts {
  /** Bytes of bodies that were sent to S3. */
  sentBytes: number;
  /** The sum of the PUTs that each fault has hit: one, or all that were in flight when the network was cut. */
  hitPuts: number;
  /** Faults that no request has met yet. */
  left: Planned[];
}

const nothing = (left: readonly Planned[] = []): Counts => ({
  ...{ sentBytes: 0, hitPuts: 0, left: [...left] },
});

/** URLs of the servers. Requests to `/api/` are the API's. */
interface Targets {
  api: string;
  s3: string;
}

function callOf(method: string | undefined, { pathname }: URL): Call {
  if (method === "PUT") return "put";
  if (method !== "POST") return "other";
  if (pathname === "/api/uploads") return "create";
  if (/^\/api\/uploads\/[^/]+\/sign$/.test(pathname)) return "sign";
  if (/^\/api\/uploads\/[^/]+\/complete$/.test(pathname)) return "complete";
  return "other";
}

/** The faults that are planned, and what has happened since. */
class Plan {
  readonly #seen = new Map<Call, number>();
  #triggers: { sentBytes: number; action(): void }[] = [];
  counts = nothing();

  start(faults: readonly Planned[]): void {
    this.#seen.clear();
    this.#triggers = [];
    this.counts = nothing(faults);
  }

  at(sentBytes: number, action: () => void): void {
    this.#triggers.push({ sentBytes, action });
  }

  /** The fault of the next request for this purpose. */
  take(call: Call): Fault | undefined {
    const number = this.#seen.get(call) ?? 0;
    this.#seen.set(call, number + 1);
    const planned = this.counts.left.find((one) => one.call === call && one.number === number);
    if (!planned) return undefined;
    this.counts.left = this.counts.left.filter((one) => one !== planned);
    if (call === "put") this.counts.hitPuts += 1;
    return planned.fault;
  }

  count(bytes: number): void {
    this.counts.sentBytes += bytes;
    const { sentBytes } = this.counts;
    const due = this.#triggers.filter((one) => one.sentBytes <= sentBytes);
    this.#triggers = this.#triggers.filter((one) => !due.includes(one));
    for (const { action } of due) action();
  }
}

/**
 * Starts a reverse proxy of these servers. `targets` is read for each request. It is also a forward proxy, for browsers
 * that are set to use it.
 */
export async function startFaultProxy(targets: Targets = { api: "", s3: "" }): Promise<FaultProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const active = new Map<http.IncomingMessage, Call>();
  const plan = new Plan();
  let isConnected = true;

  function carry(incoming: http.IncomingMessage, outgoing: http.ServerResponse) {
    const { method, headers, url = "", socket } = incoming;
    const target = new URL(url, url.startsWith("/api/") ? targets.api : targets.s3 || undefined);
    const call = callOf(method, target);
    active.set(incoming, call);
    // Also when the connection breaks.
    outgoing.once("close", () => active.delete(incoming));
    const fault = plan.take(call);
    const length = Number(headers["content-length"] ?? 0);
    if (call === "put") incoming.on("data", (chunk: Buffer) => plan.count(chunk.length));
    if (fault?.type === "status") {
      // As servers do, after the body.
      incoming.resume().once("end", () => {
        outgoing.writeHead(fault.status).end("Injected");
      });
      return;
    }
    const forwarded = http.request(target, { method, headers, agent });
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) forwarded.destroy();
    });
    forwarded.once("error", () => socket.destroy());
    forwarded.once("response", (answer) => respond(answer, outgoing, fault));
    if (fault?.type === "cut") cutAfter(incoming, Math.floor(fault.at * length));
    if (fault?.type === "flip") flip(incoming, Math.floor(fault.at * length));
    incoming.pipe(forwarded);
  }

  const server = http.createServer(carry);
  server.on("connection", (socket) => {
    if (!isConnected) socket.destroy();
  });
  const url = await listen(server);
  const hit = () => {
    plan.counts.hitPuts += [...active.values()].filter((call) => call === "put").length;
  };
  return {
    url,
    plan: (faults) => plan.start(faults),
    at: (sentBytes, action) => plan.at(sentBytes, action),
    disconnect() {
      isConnected = false;
      hit();
      server.closeAllConnections();
    },
    connect() {
      isConnected = true;
    },
    hit,
    counts: () => plan.counts,
    active: () => active.size,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function cutAfter(incoming: http.IncomingMessage, bytes: number): void {
  let left = bytes;
  if (left === 0) return void incoming.socket.destroy();
  incoming.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left <= 0) incoming.socket.destroy();
  });
}

function flip(incoming: http.IncomingMessage, at: number): void {
  let offset = 0;
  incoming.on("data", (chunk: Buffer) => {
    const index = at - offset;
    offset += chunk.length;
    if (index >= 0 && index < chunk.length) chunk[index] = (chunk[index] ?? 0) ^ 1;
  });
}

function respond(
  answer: http.IncomingMessage,
  outgoing: http.ServerResponse,
  fault: Fault | undefined,
): void {
  answer.once("error", () => outgoing.destroy());
  if (fault?.type === "lost") {
    outgoing.req.socket.destroy();
    answer.resume();
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  if (fault?.type !== "cut answer") return void answer.pipe(outgoing);
  answer.once("data", (chunk: Buffer) => {
    const half = chunk.subarray(0, chunk.length / 2);
    outgoing.write(half, () => outgoing.req.socket.destroy());
  });
}
