/** Binds servers, and reports in a sentence why one could not be bound. */
import { once } from "node:events";
import type { Server } from "node:http";
import { CliError } from "@rushes/core/cli-error";

export interface Listening {
  port: number;
  /** Without a trailing slash. */
  url: string;
  /** Closes open connections too, so that it does not wait for idle ones. */
  close(): Promise<void>;
}

/**
 * Binds a server; port 0 chooses a free port.
 *
 * @throws CliError with a sentence where the port is in use, or the address is not this machine's.
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

/** Why an address could not be bound, as a sentence if the user can fix it. */
export function notBound(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new CliError(
        `Port ${port} of ${host} is used by another program; stop it, or set another port (docs/settings.md).`,
      );
    case "EACCES":
      return new CliError(
        `Port ${port} of ${host} is reserved by the system; set a port over 1023 (docs/settings.md).`,
      );
    case "EADDRNOTAVAIL":
      return new CliError(
        `${host} is not an address of this machine; set RUSHES_HOST to one that is, or unset it.`,
      );
    default:
      return error;
  }
}
