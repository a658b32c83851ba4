/** Chooses ports: the one that a setting names, or else the default one, or else any free one. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { notBound } from "@rushes/aws-local/wire/listen";
import { CliError } from "@rushes/core/cli-error";
import type { SettingName } from "./settings/index.ts";

export interface Wanted {
  setting: SettingName;
  /** The value of the setting. No other port is used instead. */
  fixed?: number;
  usual: number;
}

/** How long a stack that is stopping may still use a port. */
const FIXED_TIMEOUT_MS = 3000;
const USUAL_TIMEOUT_MS = 300;

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

async function bindWithRetry(host: string, port: number, timeoutMs: number) {
  const ends = Date.now() + timeoutMs;
  for (;;) {
    const server = await bind(host, port);
    if (server || Date.now() >= ends) return server;
    await wait(50);
  }
}

async function choose(host: string, wanted: Wanted, timeoutMs?: number): Promise<Server> {
  const { fixed, usual, setting } = wanted;
  if (fixed !== undefined) {
    const server = await bindWithRetry(host, fixed, timeoutMs ?? FIXED_TIMEOUT_MS);
    if (server) return server;
    throw new CliError(
      `${setting} is ${fixed}, and another program uses that port. Stop it, or set another port.`,
    );
  }
  const server =
    (await bindWithRetry(host, usual, timeoutMs ?? USUAL_TIMEOUT_MS)) ?? (await bind(host, 0));
  if (!server) throw new CliError("No port is free on this machine. Stop some programs.");
  return server;
}

/**
 * Chooses different ports. Each stays bound until the last is chosen.
 *
 * @throws CliError if a port that a setting names is in use
 */
export async function choosePorts<Name extends string>(
  host: string,
  wanted: Record<Name, Wanted>,
  timeoutMs?: number,
): Promise<Record<Name, number>> {
  const servers: Server[] = [];
  const ports: Partial<Record<Name, number>> = {};
  try {
    for (const name of Object.keys(wanted) as Name[]) {
      const server = await choose(host, wanted[name], timeoutMs);
      servers.push(server);
      const address = server.address();
      if (typeof address === "object" && address) ports[name] = address.port;
    }
  } finally {
    await Promise.all(
      servers.map((server) => {
        const closed = once(server, "close");
        server.close();
        return closed;
      }),
    );
  }
  // Each name has a port, because `choose` throws otherwise.
  return ports as Record<Name, number>;
}
