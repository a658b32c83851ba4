import { once } from "node:events";
import type { Server } from "node:http";

export interface Listening {
  port: number;
  /** Without a slash at its end. */
  url: string;
  /** Ends open connections too, so that it does not wait for idle keep-alives. */
  close(): Promise<void>;
}

/** Binds a server; port 0 means any free one. Rejects with Node's error, EADDRINUSE for one. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Not bound to a TCP port.");
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
