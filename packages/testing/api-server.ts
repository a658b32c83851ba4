import { once } from "node:events";
import * as http from "node:http";
import { buffer } from "node:stream/consumers";

/** Listens on a free port of 127.0.0.1, and returns the URL. */
export async function listen(server: http.Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

/** Serves the API of the web app, without its pages. Call it after the environment is set. */
export async function serveApi(): Promise<{ url: string; server: http.Server }> {
  const { app } = await import("../web/api/app.ts");
  const server = http.createServer(async (incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    const hasBody = method !== "GET" && method !== "HEAD";
    const request = new Request(`http://${headers.host}${url}`, {
      method,
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : [],
      ),
      body: hasBody ? new Uint8Array(await buffer(incoming)) : null,
    });
    const response = await app.fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  return { url: await listen(server), server };
}
