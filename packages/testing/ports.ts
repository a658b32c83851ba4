import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ports that operating systems assign to connections and to listeners on any port. */
const LOWEST = 10_240;
const HIGHEST = 32_000;
const returned = new Set<number>();

/** Returns a port that is free on 127.0.0.1. No other program gets it unless it requests it by number. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (returned.has(port) || !(await isFree(port))) continue;
    returned.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const bound = await new Promise<boolean>((done) => {
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => done(true));
  });
  if (bound) await new Promise((done) => server.close(done));
  return bound;
}
