import { headers } from "next/headers";
import { TOKEN_HEADERS } from "./actor.ts";
import { app } from "./app.ts";
import { CLIENT_HEADERS } from "./client.ts";

/**
 * Sends a GET to the API while the server renders a page, without a network, as the page's user. `path` has no `/api`.
 * A page cannot set cookies, so the browser's next request renews the session's cookie if that is due.
 */
export async function get(path: string): Promise<Response> {
  const received = await headers();
  const sent = new Headers();
  for (const name of ["cookie", ...TOKEN_HEADERS, ...CLIENT_HEADERS]) {
    const value = received.get(name);
    if (value !== null) sent.set(name, value);
  }
  return app.request(`http://localhost/api${path}`, { headers: sent });
}

/** The same for a POST that anyone may send: without the page's user. */
export async function postAsNobody(path: string, body: unknown): Promise<Response> {
  const received = await headers();
  const sent = new Headers({ "content-type": "application/json" });
  for (const name of CLIENT_HEADERS) {
    const value = received.get(name);
    if (value !== null) sent.set(name, value);
  }
  const url = `http://localhost/api${path}`;
  return app.request(url, { method: "POST", headers: sent, body: JSON.stringify(body) });
}
