/** The API with sign-in through a real provider, and the browsers of its users. */
import "@hono/zod-openapi";
import { startStack } from "@rushes/testing/stack";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { type Browser, createBrowser } from "./browser.ts";
import { type Account, ISSUER, startProviderOf } from "./provider.ts";

export const SITE = "http://127.0.0.1:3000";

/** What no log may contain. */
export const SECRETS = /eyJ|code=|state=|the client's secret|@example/;

let addresses = 0;
const nextAddress = () => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};

let people = 0;
export const someone = (fields: Partial<Account> = {}): Account => {
  people += 1;
  const sub = `person-${people}`;
  return { sub, email: `${sub}@example.com`, email_verified: true, name: "Some One", ...fields };
};

export const isPage = (url: URL) => url.origin === SITE && !url.pathname.startsWith("/api/");
const isCallback = (url: URL) => url.pathname === "/api/auth/callback";
export const path = (url: URL) => `${url.pathname}${url.search}`;
/** The sign-in page after a rejected sign-in. */
export const rejectedWith = (code: string) => `/sign-in?problem=${code}&returnTo=%2Fjobs%3Fq%3Da`;
export const session = (browser: Browser) =>
  browser.jar(SITE).find(({ name }) => name === "rushes");

export async function account(browser: Browser) {
  const response = await browser.ask(`${SITE}/api/account`);
  return { status: response.status, body: await response.json() };
}

export const change = (browser: Browser, method: string, at: string) =>
  browser.ask(`${SITE}${at}`, { method, headers: { origin: SITE } });

/** The app in a process that has just started. */
export async function coldApp() {
  vi.resetModules();
  return (await import("../app.ts")).app;
}

async function startSignInSite() {
  const stack = await startStack();
  const provider = await startProviderOf(SITE, "the client's secret: it's + 100%");
  const { app } = await import("../app.ts");
  const { ownerIdOf } = await import("@rushes/core/user/index");
  const logged: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    logged.push(String(text));
    return true;
  });

  /** A new browser with its own IP address. */
  function fresh(address = nextAddress()) {
    const serve = (request: Request) => {
      const headers = new Headers(request.headers);
      headers.set("x-forwarded-for", address);
      return app.request(new Request(request, { headers }));
    };
    const proxied = (request: Request) => throughProxy(provider.backchannel, request);
    return createBrowser({ [SITE]: serve, "http://localhost:3000": serve, [ISSUER]: proxied });
  }

  return {
    app,
    provider,
    logged,
    fresh,
    ...signIns(provider, fresh),
    ownerId: ({ sub }: Account) => ownerIdOf(ISSUER, sub),
    /** For `afterEach`. */
    reset: () =>
      Object.assign(provider.state, { person: undefined, isDown: false, tamper: undefined }),
    async close() {
      vi.restoreAllMocks();
      await Promise.all([stack.close(), provider.close()]);
    },
  };
}

export let site: Awaited<ReturnType<typeof startSignInSite>>;

/** Starts `site` for the tests of a file, and resets it after each of them. */
export function siteOfTests(): void {
  beforeAll(async () => {
    site = await startSignInSite();
  });
  afterAll(() => site.close());
  afterEach(() => site.reset());
}

function signIns({ state }: { state: { person?: Account | undefined } }, fresh: () => Browser) {
  /** Signs a user in, and returns the final page. */
  function signIn(browser: Browser, person: Account | undefined, to = "/jobs?q=a"): Promise<URL> {
    state.person = person;
    return browser.go(`${SITE}/api/auth/sign-in?returnTo=${encodeURIComponent(to)}`, isPage);
  }
  return {
    signIn,
    /** Runs a sign-in up to the provider's response, and does not deliver it yet. */
    answerFor(browser: Browser, person: Account): Promise<URL> {
      state.person = person;
      return browser.go(`${SITE}/api/auth/sign-in?returnTo=%2Fjobs%3Fq%3Da`, isCallback);
    },
    /** A browser with a new signed-in user. */
    async signedIn(fields: Partial<Account> = {}) {
      const browser = fresh();
      expect(path(await signIn(browser, someone(fields)))).toBe("/jobs?q=a");
      const { body } = await account(browser);
      return { browser, user: body.user };
    },
  };
}

/** The reverse proxy in front of the provider, as browsers reach it. */
function throughProxy(backchannel: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", "http");
  return fetch(`${backchannel}${url.pathname}${url.search}`, {
    method: request.method,
    headers,
    redirect: "manual",
  });
}
