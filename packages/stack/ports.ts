/** Which ports to use: the one that was asked for, else the usual one, else any that is free. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { notBound } from "@rushes/aws-local/wire/listen";
import { CliError } from "@rushes/core/cli-error";
import type { SettingName } from "./settings/index.ts";

export interface Wanted {
  setting: SettingName;
  /** Set by somebody: no other will do. */
  fixed?: number;
  usual: number;
}

/** How long a port may be taken by the home before, which is just ending. */
const PATIENCE_MS = 3000;
const USUAL_PATIENCE_MS = 300;

async function bind(host: string, port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE" || code === "EACCES") return undefined;
    throw notBound(error, host, port);
  }
}

async function bindPatiently(host: string, port: number, patienceMs: number) {
  const ends = Date.now() + patienceMs;
  for (;;) {
    const server = await bind(host, port);
    if (server || Date.now() >= ends) return server;
    await wait(50);
  }
}

async function choose(host: string, wanted: Wanted, patienceMs?: number): Promise<Server> {
  const { fixed, usual, setting } = wanted;
  if (fixed !== undefined) {
    const server = await bindPatiently(host, fixed, patienceMs ?? PATIENCE_MS);
    if (server) return server;
    throw new CliError(
      `${setting} is ${fixed}, and another program uses that port; stop it, or give another port.`,
    );
  }
  const server =
    (await bindPatiently(host, usual, patienceMs ?? USUAL_PATIENCE_MS)) ?? (await bind(host, 0));
  if (!server) throw new CliError("No port is free on this machine; stop some programs.");
  return server;
}

/**
 * Chooses a port for each wish, all different. All are held until the last is chosen, and then let go.
 *
 * @throws CliError if a port that a setting names is taken.
 */
export async function choosePorts<Name extends string>(
  host: string,
  wishes: Record<Name, Wanted>,
  patienceMs?: number,
): Promise<Record<Name, number>> {
  const held: Server[] = [];
  const ports: Partial<Record<Name, number>> = {};
  try {
    for (const name of Object.keys(wishes) as Name[]) {
      const server = await choose(host, wishes[name], patienceMs);
      held.push(server);
      const address = server.address();
      if (typeof address === "object" && address) ports[name] = address.port;
    }
  } finally {
    await Promise.all(
      held.map((server) => {
        const closed = once(server, "close");
        server.close();
        return closed;
      }),
    );
  }
  // Every wish has its port by now: what could not have one has thrown.
  return ports as Record<Name, number>;
}
