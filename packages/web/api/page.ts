import { headers } from "next/headers";
import { TOKEN_HEADERS } from "./actor.ts";
import { app } from "./app.ts";
import { CLIENT_HEADERS } from "./client.ts";

/**
 * Sends a GET to the API while the server renders a page, without a network, as the page's user. `path` has no `/api`.
 * A page cannot set cookies, so the browser's next request renews the session's cookie if that is due.
 */
export async function get(path: string): Promise<Response> {
  const sent = await received("cookie", ...TOKEN_HEADERS, ...CLIENT_HEADERS);
  return app.request(`http://localhost/api${path}`, { headers: sent });
}

/** The same for a POST that anyone may send: without the page's user. */
export async function postAsNobody(path: string, body: unknown): Promise<Response> {
  const sent = await received(...CLIENT_HEADERS);
  sent.set("content-type", "application/json");
  const url = `http://localhost/api${path}`;
  return app.request(url, { method: "POST", headers: sent, body: JSON.stringify(body) });
}

/**
 * What the page is requested for: `document` is a page load of a browser, `empty` a navigation within the app. Programs
 * that read a page without running it send nothing, which is null.
 */
export async function destination(): Promise<string | null> {
  return (await headers()).get("sec-fetch-dest");
}

/** These headers of the request for the page. */
async function received(...names: string[]): Promise<Headers> {
  const all = await headers();
  const found = new Headers();
  for (const name of names) {
    const value = all.get(name);
    if (value !== null) found.set(name, value);
  }
  return found;
}
