/** The browser features that a sign-in needs: cookies by origin and path, and redirects. */

/** Handles one request to one origin. */
export type Serve = (request: Request) => Response | Promise<Response>;

interface Cookie {
  name: string;
  value: string;
  path: string;
  /** The other attributes of the header. */
  attributes: string;
}

export function createBrowser(origins: Record<string, Serve>) {
  const jars = new Map<string, Map<string, Cookie>>();
  const jar = (origin: string) => {
    const found = jars.get(origin) ?? new Map<string, Cookie>();
    jars.set(origin, found);
    return found;
  };

  function keep(origin: string, header: string): void {
    const [pair = "", ...attributes] = header.split("; ");
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const said = (key: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const path = said("path") ?? "/";
    const expires = said("expires");
    const isOver =
      said("max-age") === "0" || (expires !== undefined && Date.parse(expires) <= Date.now());
    if (isOver) jar(origin).delete(`${name} ${path}`);
    else
      jar(origin).set(`${name} ${path}`, { name, value, path, attributes: attributes.join("; ") });
  }

  const sent = (url: URL) =>
    [...jar(url.origin).values()].filter(
      ({ path }) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, "/")),
    );

  /** Sends one request with its cookies. */
  async function ask(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    const cookies = sent(url).map(({ name, value }) => `${name}=${value}`);
    if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
    const serve = origins[url.origin];
    if (!serve) throw new Error(`Nobody serves ${url.origin}.`);
    const response = await serve(new Request(url, { ...init, headers, redirect: "manual" }));
    for (const header of response.headers.getSetCookie()) keep(url.origin, header);
    return response;
  }

  /** Follows redirects until `stop` returns true or there are no more. Returns the final URL. */
  async function go(address: string, stop: (url: URL) => boolean): Promise<URL> {
    let url = new URL(address);
    for (let hops = 0; hops < 12 && !stop(url); hops += 1) {
      const response = await ask(url);
      const location = response.headers.get("location");
      if (location === null) return url;
      url = new URL(location, url);
    }
    return url;
  }

  return { ask, go, jar: (origin: string) => [...jar(origin).values()], sets: keep };
}
export type Browser = ReturnType<typeof createBrowser>;
