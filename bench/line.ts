/** A slow network line in front of a server, for benchmarks: a TCP proxy that also reads the requests' headers. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Speed {
  /** Bytes per second that each connection may send. */
  perConnection?: number;
  /** Bytes per second that all connections may send together. */
  shared?: number;
  roundTripMs?: number;
}

/** A PUT that has passed the line. */
export interface Put {
  isPart: boolean;
  sizeBytes: number;
  /** Bytes of its body that the client has sent. */
  sentBytes: number;
  isAnswered: boolean;
  /** True if the client has given up on it. */
  isAborted: boolean;
}

export interface Line {
  port: number;
  /**
   * Changes the line for new connections, and forgets its PUTs. If it is busy, every fifth PUT is answered with 503: at
   * once and without reading the body, before the connection closes, as busy servers do.
   */
  set(speed: Speed, isBusy?: boolean): void;
  puts(): readonly Put[];
  close(): Promise<void>;
}

const BUSY_EVERY = 5;
/** Timers are about this exact, so less is not waited for. */
const EXACT_MS = 2;
/** What timers were late is made up for. */
const BURST_MS = 30;

/** Lets bytes pass at a rate. */
function createPace(bytesPerSecond = Number.POSITIVE_INFINITY): (bytes: number) => number {
  let freeMs = 0;
  return (bytes) => {
    const nowMs = performance.now();
    freeMs = Math.max(freeMs, nowMs - BURST_MS) + (bytes / bytesPerSecond) * 1_000;
    return freeMs - nowMs;
  };
}

/** Finds the requests in the bytes of one connection. */
function createReader(on: { head(head: string): void; body(bytes: number): void }) {
  let head = "";
  let left = 0;
  return (chunk: Buffer) => {
    for (let from = 0; from < chunk.length; ) {
      if (left > 0) {
        const bytes = Math.min(left, chunk.length - from);
        from += bytes;
        left -= bytes;
        on.body(bytes);
        continue;
      }
      const before = head.length;
      head += chunk.toString("latin1", from);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      from += end + 4 - before;
      const whole = head.slice(0, end);
      head = "";
      left = Number(/^content-length: *(\d+)/im.exec(whole)?.[1] ?? 0);
      on.head(whole);
    }
  };
}

/** A response that pages may read, whatever the origin. */
function busyResponse(head: string): string {
  const origin = /^origin: *(.*)$/im.exec(head)?.[1]?.trim() ?? "*";
  const body = "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>";
  return [
    "HTTP/1.1 503 Slow Down",
    `Access-Control-Allow-Origin: ${origin}`,
    "Content-Type: application/xml",
    `Content-Length: ${body.length}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

interface State {
  targetPort: number;
  speed: Speed;
  isBusy: boolean;
  shared: ReturnType<typeof createPace>;
  puts: Put[];
  sockets: Set<Socket>;
}

/** Passes the bytes of one connection on. */
function carry(client: Socket, state: State): void {
  const { speed, isBusy, shared, puts, sockets } = state;
  const { perConnection, roundTripMs = 0 } = speed;
  const line = { shared, alone: createPace(perConnection) };
  const server = connect(state.targetPort, "127.0.0.1");
  const wayMs = roundTripMs / 2;
  const later = (run: () => void, ms: number) => void (ms > 0 ? setTimeout(run, ms) : run());
  let put: Put | undefined;
  let isRejected = false;
  const reject = (head: string) => {
    later(() => client.end(busyResponse(head)), 2 * wayMs);
    // The client has the response by then. What it has sent meanwhile is lost.
    later(() => client.destroy(), 4 * wayMs + EXACT_MS);
  };
  const read = createReader({
    head(head) {
      put = undefined;
      if (!head.startsWith("PUT ")) return;
      put = {
        isPart: /^PUT \S*[?&]partNumber=/.test(head),
        sizeBytes: Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0),
        ...{ sentBytes: 0, isAnswered: false, isAborted: false },
      };
      puts.push(put);
      if (!isBusy || puts.length % BUSY_EVERY !== 0) return;
      put.isAnswered = true;
      isRejected = true;
      reject(head);
    },
    body(bytes) {
      if (put) put.sentBytes += bytes;
    },
  });
  client.on("data", (chunk: Buffer) => {
    client.pause();
    const waitMs = Math.max(line.shared(chunk.length), line.alone(chunk.length));
    later(
      () => {
        read(chunk);
        if (!isRejected) later(() => server.write(chunk), wayMs);
        // A server that does not keep up is waited for.
        if (server.writableNeedDrain) server.once("drain", () => client.resume());
        else client.resume();
      },
      waitMs > EXACT_MS ? waitMs : 0,
    );
  });
  server.on("data", (chunk: Buffer) => {
    if (put) put.isAnswered = true;
    later(() => client.write(chunk), wayMs);
  });
  server.on("end", () => later(() => client.end(), wayMs));
  for (const socket of [client, server]) {
    sockets.add(socket);
    socket.setNoDelay(true).on("error", () => socket.destroy());
  }
  client.on("close", () => {
    if (put && !put.isAnswered) put.isAborted = true;
    sockets.delete(client);
    server.destroy();
  });
  server.on("close", () => {
    sockets.delete(server);
    if (!isRejected) later(() => client.destroy(), wayMs + EXACT_MS);
  });
  // The handshake takes a round trip.
  later(() => client.resume(), roundTripMs);
}

/** Starts a line to a port of this machine, on a free port. */
export async function startLine(targetPort: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const state: State = {
    targetPort,
    speed: {},
    isBusy: false,
    shared: createPace(),
    puts: [],
    sockets,
  };
  const listener = createServer({ pauseOnConnect: true }, (client) => carry(client, state)).listen(
    0,
    "127.0.0.1",
  );
  await once(listener, "listening");
  const address = listener.address();
  if (typeof address !== "object" || !address) throw new Error("The line has no port.");
  return {
    port: address.port,
    set(speed, isBusy = false) {
      const shared = createPace(speed.shared);
      Object.assign(state, { speed, isBusy, shared, puts: [] });
    },
    puts: () => state.puts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => listener.close(done));
    },
  };
}
