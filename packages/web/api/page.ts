import { headers } from "next/headers";
import { TOKEN_HEADERS } from "./actor.ts";
import { app } from "./app.ts";
import { CLIENT_HEADERS } from "./client.ts";

/**
 * Sends a GET to our own API while a page is rendered, without a network, as the visitor of the page.
 * `path` begins after `/api`. A page cannot set cookies: when the session's is due to be replaced, the
 * browser's next request does it.
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
