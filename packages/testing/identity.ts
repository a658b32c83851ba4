/** A browser, a site and the identity provider behind one origin. */
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "@rushes/aws-local/wire/listen";
import { openAccounts } from "@rushes/identity/accounts";
import { type EmbeddedProvider, start } from "@rushes/identity/index";
import * as oidc from "openid-client";
import { afterAll } from "vitest";
import { quickHash } from "./quick-hash.ts";

export const EMAIL = "ann@example.com";
export const PASSWORD = "a quiet cutting room";
export const PASSWORD_HASH = await quickHash(PASSWORD);
const CLIENT = { id: "rushes", secret: "the client's secret, which is long enough" };

export interface SitePage {
  status: number;
  url: string;
  headers: Headers;
  body: string;
}

/**
 * Starts the provider with one account, Ann's, for one test file, and stops it after its last test. Call it at the top
 * level of the file. `restart` stops the provider and starts it on the same data.
 */
export async function startProvider(ann: { admin?: boolean; name?: string } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-identity-"));
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const log: string[] = [];
  const site = await listenAsSite();
  const { origin } = site;
  const begin = async () => {
    site.provider = await start({
      ...optionsOf(origin),
      dataDir,
      onLog: (line) => log.push(line),
      now,
    });
  };
  await begin();
  afterAll(() => site.close());
  const accounts = openAccounts(dataDir, now);
  await accounts.add({ email: EMAIL, admin: false, ...ann, passwordHash: PASSWORD_HASH });
  const config = await oidc.discovery(
    new URL(`${origin}/identity`),
    CLIENT.id,
    {},
    oidc.ClientSecretPost(CLIENT.secret),
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  );
  const browser = () => createBrowser(origin);
  const authorization = (changes?: Changes) => authorize(config, origin, changes);
  return {
    dataDir,
    origin,
    clock,
    log,
    accounts,
    config,
    signedOutUri: signedOutUri(origin),
    authorization,
    browser,
    endSessionUrl: (parameters: Record<string, string>) =>
      oidc.buildEndSessionUrl(config, parameters),
    /** True if a sign-in succeeded: the browser is back at the site with a code. */
    isAtSite: ({ url }: SitePage) => url.startsWith(`${redirectUri(origin)}?code=`),
    /** Opens the sign-in page as a client with this IP address. */
    async visit(address: string) {
      const visitor = browser();
      const page = await visitor.ask((await authorization()).url);
      const type = (email: string, password: string, headers: Record<string, string> = {}) =>
        visitor.submit(page, { email, password }, { "x-forwarded-for": address, ...headers });
      return { browser: visitor, page, type };
    },
    tokens: async (answer: SitePage, checks: oidc.AuthorizationCodeGrantChecks) =>
      oidc.authorizationCodeGrant(config, new URL(answer.url), checks),
    async restart() {
      await site.provider?.close();
      await begin();
    },
  };
}

const redirectUri = (origin: string) => `${origin}/api/auth/callback`;
const signedOutUri = (origin: string) => `${origin}/sign-in`;
const optionsOf = (origin: string) => ({
  issuer: `${origin}/identity`,
  secret: "a secret of the provider, of more than 32 characters",
  client: {
    ...CLIENT,
    redirectUris: [redirectUri(origin)],
    postLogoutRedirectUris: [signedOutUri(origin)],
  },
});

/** The origin of the site, with the provider below /identity. A redirect to the site leaves the provider. */
async function listenAsSite() {
  const site: { provider?: EmbeddedProvider } = {};
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/identity")) site.provider?.handler(request, response);
    else response.end("the site");
  });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  return Object.assign(site, {
    origin: listening.url,
    async close() {
      await listening.close();
      await site.provider?.close();
    },
  });
}

/** Parameters of an authorization request to set, or to leave out. */
type Changes = Record<string, string | undefined>;

/** An authorization request, and the expected values of its response. */
async function authorize(config: oidc.Configuration, origin: string, changes: Changes = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: "the state",
    expectedNonce: "the nonce",
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri(origin),
    scope: "openid email profile",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return { url: url.href, checks };
}

/** A browser that keeps cookies by path, and follows redirects until they leave the provider. */
function createBrowser(origin: string) {
  const cookies = new Map<string, { pair: string; path: string }>();

  async function ask(address: string, init: RequestInit = {}): Promise<SitePage> {
    let url = new URL(address, origin);
    let next: RequestInit = init;
    for (let hops = 0; hops < 10; hops += 1) {
      const headers = new Headers(next.headers);
      const fitting = [...cookies.values()].filter(({ path }) => url.pathname.startsWith(path));
      if (fitting.length > 0) headers.set("cookie", fitting.map(({ pair }) => pair).join("; "));
      headers.set("accept", "text/html");
      const response = await fetch(url, { ...next, headers, redirect: "manual" });
      for (const header of response.headers.getSetCookie()) keep(header);
      const location = response.headers.get("location");
      const body = await response.text();
      if (location === null)
        return { status: response.status, url: url.href, headers: response.headers, body };
      url = new URL(location, url);
      next = {};
      if (!url.pathname.startsWith("/identity")) {
        return { status: response.status, url: url.href, headers: response.headers, body };
      }
    }
    throw new Error("Too many redirects.");
  }

  function keep(header: string): void {
    const [pair = "", ...attributes] = header.split("; ");
    const said = (name: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const path = said("path") ?? "/";
    const key = `${pair.split("=")[0]} ${path}`;
    const expires = said("expires");
    if (expires !== undefined && Date.parse(expires) <= Date.now()) cookies.delete(key);
    else cookies.set(key, { pair, path });
  }

  return {
    ask,
    cookies,
    /** Fills in and submits the form of a page. */
    submit(page: SitePage, fields: Record<string, string>, headers: Record<string, string> = {}) {
      const [, action = ""] = /<form[^>]* action="([^"]*)"/.exec(page.body) ?? [];
      const hidden = [...page.body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      const body = new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value]));
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return ask(action, { method: "POST", body, headers: { origin, ...headers } });
    },
  };
}
export type Browser = ReturnType<typeof createBrowser>;
