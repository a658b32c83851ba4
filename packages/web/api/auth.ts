/** Sign-in and sign-out. These routes create sessions, so they require none. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { withActor } from "@rushes/core/actor";
import * as Audit from "@rushes/core/audit/index";
import { VisibleError } from "@rushes/core/error";
import { networkOf } from "@rushes/core/http/network";
import * as Limit from "@rushes/core/limit/index";
import { request as client } from "@rushes/core/request";
import { resource } from "@rushes/core/resource";
import { seal, unseal } from "@rushes/core/seal";
import * as Session from "@rushes/core/session/index";
import * as User from "@rushes/core/user/index";
import type { Context } from "hono";
import { returnTo, signInPage } from "../lib/return-to.ts";
import * as Cookies from "./cookies.ts";
import { nobody } from "./needs.ts";
import * as Provider from "./provider.ts";
import { failures, json } from "./schemas.ts";

/** The sign-in steps of one network in 15 minutes. A sign-in takes two, so a large office fits. */
const ATTEMPTS = { max: 600, windowSeconds: 900 };
/** The most windows in which a user has an unfinished sign-in. */
const MAX_UNDER_WAY = 5;

const away = { description: "To the provider, to a page of the site, or to the sign-in page." };
const begin = createRoute({
  method: "get",
  path: "/auth/sign-in",
  ...nobody,
  summary: "Redirect to the sign-in provider, and from there to a page of the site",
  request: {
    query: z.object({
      returnTo: z.string().max(4000).optional(),
      /** For a user who wants to sign in with another account than the provider's current one. */
      prompt: z.literal("login").optional(),
    }),
  },
  responses: { 302: away, 303: away, ...failures() },
});

const callback = createRoute({
  method: "get",
  path: "/auth/callback",
  ...nobody,
  summary: "Callback for the sign-in provider",
  responses: { 303: away, ...failures() },
});

const signOut = createRoute({
  method: "post",
  path: "/auth/sign-out",
  ...nobody,
  summary: "End the session; returns the URL that also ends the provider's session",
  responses: {
    200: { description: "The session is ended.", ...json(z.object({ location: z.string() })) },
    ...failures(),
  },
});
export function auth(app: OpenAPIHono): void {
  app.openapi(begin, async (c) => {
    const query = c.req.valid("query");
    const to = returnTo(query.returnTo);
    if (!resource().SignIn.required) return c.redirect(siteUrl(to), 302);
    const elsewhere = otherLoopback(c);
    if (elsewhere) return c.redirect(elsewhere, 302);
    try {
      await takeAttempt();
      const { url, transaction } = await Provider.begin(to, query.prompt === "login");
      const expires = Date.now() + Cookies.SIGN_IN_SECONDS * 1000;
      const value = await seal("sign-in", transaction, expires);
      setCookies(c, ...Cookies.clearSignIns(c.req.raw, MAX_UNDER_WAY));
      setCookies(c, Cookies.setSignIn(transaction.state, value));
      return c.redirect(url.href, 302);
    } catch (error) {
      return reject(c, error, to);
    }
  });

  app.openapi(callback, async (c) => {
    let to = "/";
    try {
      if (!resource().SignIn.required) throw Provider.problem("signin.state");
      await takeAttempt();
      const transaction = await transactionOf(c);
      to = returnTo(transaction.returnTo);
      setCookies(c, Cookies.clearSignIn(transaction.state));
      const { search } = new URL(c.req.url);
      const { identity, idToken } = await Provider.finish(search, transaction);
      const session = await withActor({ type: "system" }, async () => {
        const { id: ownerId } = await User.signIn(identity);
        return Session.create({ ownerId, idToken });
      });
      // Ends the browser's earlier session, so that nobody continues in a planted one.
      await endSession(c);
      setCookies(c, Cookies.setSession(session));
      return c.redirect(siteUrl(to), 303);
    } catch (error) {
      return reject(c, error, to);
    }
  });

  app.openapi(signOut, async (c) => {
    if (!resource().SignIn.required) return c.json({ location: "/" }, 200);
    const ended = await endSession(c);
    setCookies(c, Cookies.clearSession(), ...Cookies.clearSignIns(c.req.raw));
    return c.json({ location: (await Provider.signOutUrl(ended?.idToken)) ?? "/sign-in" }, 200);
  });
}

const siteUrl = (path: string) => `${resource().Settings.siteUrl}${path}`;

function setCookies(c: Context, ...cookies: string[]): void {
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
}

function takeAttempt(): Promise<void> {
  return Limit.take({ kind: "sign-in", of: networkOf(client()?.address ?? ""), ...ATTEMPTS });
}

/**
 * The provider redirects to the URL in the settings. A browser that used this machine's other loopback name is
 * redirected there first. Otherwise the cookies of this sign-in would belong to the wrong name.
 */
function otherLoopback(c: Context): string | undefined {
  const site = new URL(resource().Settings.siteUrl);
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const names = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
  if (host === site.host || !names.test(host) || !names.test(site.host)) return undefined;
  const { pathname, search } = new URL(c.req.url);
  return `${site.origin}${pathname}${search}`;
}

/** The data that this browser stored, sealed, when this sign-in began. Throws `signin.state`. */
async function transactionOf(c: Context): Promise<Provider.Transaction> {
  const state = c.req.query("state") ?? "";
  const value = Cookies.signInOf(c.req.raw, state);
  const parsed = Provider.Transaction.safeParse(value && (await unseal("sign-in", value)));
  if (!parsed.success || parsed.data.state !== state) throw Provider.problem("signin.state");
  return parsed.data;
}

/** Ends the browser's session, if there is one. */
async function endSession(c: Context): Promise<{ idToken?: string } | undefined> {
  const cookie = Cookies.sessionOf(c.req.raw);
  const resumed = cookie === undefined ? undefined : await Session.resume(cookie);
  return resumed && withActor(resumed.actor, () => Session.end());
}

/** Redirects to the sign-in page, which shows the error and the next step. A bug stays a 500. */
async function reject(c: Context, error: unknown, to: string): Promise<Response> {
  if (!(error instanceof VisibleError)) throw error;
  // A flood of requests must not fill the audit log.
  if (error.code !== "rate.limited") {
    await Audit.record({ action: "signin.refused", detail: { code: error.code } });
  }
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) c.header("retry-after", String(retryAfterSeconds));
  return c.redirect(siteUrl(signInPage(to, error.code)), 303);
}
