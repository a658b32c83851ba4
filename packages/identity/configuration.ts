/** The configuration of `oidc-provider`: one client and the code flow with PKCE. */
import type { JsonWebKey } from "node:crypto";
import {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from "oidc-provider";
import type { Account, Accounts } from "./accounts.ts";
import { type Paths, problemPage, signedOutPage, signOutPage } from "./pages.ts";
import type { Rows } from "./rows.ts";

export interface Client {
  id: string;
  secret: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
}

interface Parts {
  paths: Paths;
  secure: boolean;
  client: Client;
  accounts: Accounts;
  rows: Rows;
  keys: JsonWebKey[];
  cookieKey: string;
}

const SCOPES = ["openid", "email", "profile"];
/** A working day: the next morning, users type the password again. */
const SESSION_SECONDS = 12 * 3600;

export function configuration(parts: Parts): Configuration {
  const { paths, client, accounts, rows, keys } = parts;
  return {
    adapter: rows.adapter,
    clients: [clientMetadata(client)],
    jwks: { keys: keys.map((key) => ({ ...key, kty: "RSA" })) },
    cookies: cookies(parts),
    scopes: SCOPES,
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    // The ID token contains all claims, so the client needs no second request.
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_post"],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    issueRefreshToken: async () => false,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: SESSION_SECONDS,
      IdToken: 3600,
      Interaction: 3600,
      Session: SESSION_SECONDS,
    },
    features: features(paths),
    interactions: { policy: policy(accounts), url: (_, { uid }) => `${paths.base}/sign-in/${uid}` },
    async findAccount(_, id) {
      const account = await accounts.byId(id);
      return account && { accountId: id, claims: () => claimsOf(account) };
    },
    loadExistingGrant: grantOf,
    renderError(ctx, _, error) {
      ctx.type = "html";
      ctx.body = problemPage(paths, ...describeError(ctx.status, error));
    },
  };
}

const clientMetadata = ({ id, secret, redirectUris, postLogoutRedirectUris }: Client) => ({
  client_id: id,
  client_secret: secret,
  client_name: "Rushes",
  redirect_uris: redirectUris,
  post_logout_redirect_uris: postLogoutRedirectUris,
  response_types: ["code" as const],
  grant_types: ["authorization_code"],
  token_endpoint_auth_method: "client_secret_post" as const,
});

function cookies({ paths, secure, cookieKey }: Parts): Configuration["cookies"] {
  const prefix = secure ? "__Secure-rushes" : "rushes";
  const attributes = { signed: true, httpOnly: true, sameSite: "lax" } as const;
  return {
    keys: [cookieKey],
    names: {
      session: `${prefix}-identity`,
      interaction: `${prefix}-identity-sign-in`,
      resume: `${prefix}-identity-resume`,
    },
    long: { ...attributes, path: paths.base },
    short: attributes,
  };
}

const features = (paths: Paths): Configuration["features"] => ({
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  resourceIndicators: { enabled: false },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx, form) => signOut(ctx, form, paths),
    postLogoutSuccessSource: (ctx) => {
      ctx.type = "html";
      ctx.body = signedOutPage(paths);
    },
  },
});

function describeError(status: number, error: Error): [title: string, message: string] {
  if (status >= 500) {
    return ["Something went wrong", "This is an error in Rushes, and it was logged. Try again."];
  }
  return error instanceof errors.SessionNotFound
    ? [
        "This sign-in has expired",
        "It took too long, was already used, or started in another browser. Sign in again.",
      ]
    : ["This sign-in cannot continue", "The link that led here is not valid. Sign in again."];
}

const claimsOf = ({ id, email, name, admin }: Account) => ({
  sub: id,
  email,
  // The operator gave the link, or the password, to the owner of the address.
  email_verified: true,
  name,
  groups: admin ? ["admin"] : [],
});

/** The library's checks, and one more: whether the account still exists with the same password. */
function policy(accounts: Accounts) {
  const { Check } = interactionPolicy;
  const prompts = interactionPolicy.base();
  prompts.get("login")?.checks.add(
    new Check(
      "account_changed",
      "the account was removed, or its password changed",
      async (ctx) => {
        const { session, result } = ctx.oidc;
        if (session?.accountId === undefined) return Check.NO_NEED_TO_PROMPT;
        const account = await accounts.byId(session.accountId);
        // A password that was typed just now is valid, whatever the clock says.
        const isFresh = result?.login !== undefined;
        return account && (isFresh || !isBefore(session.loginTs, account.passwordSet))
          ? Check.NO_NEED_TO_PROMPT
          : Check.REQUEST_PROMPT;
      },
    ),
  );
  return prompts;
}

/** Sessions record their start in whole seconds. */
const isBefore = (begun: number | undefined, passwordSet: string | undefined) =>
  passwordSet !== undefined && (begun ?? 0) < Math.floor(Date.parse(passwordSet) / 1000);

/** Grants everything without asking for consent, because the only client is Rushes itself. */
async function grantOf(ctx: KoaContextWithOIDC) {
  const { client, session, account, provider } = ctx.oidc;
  if (!client || !session || !account) return undefined;
  const id = session.grantIdFor(client.clientId);
  const existing = id === undefined ? undefined : await provider.Grant.find(id);
  if (existing?.accountId === account.accountId) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope(SCOPES.join(" "));
  await grant.save();
  return grant;
}

/**
 * Ends the session at once if Rushes requests it, which it proves with the user's ID token. The library has verified
 * its signature. Otherwise the user must confirm.
 */
async function signOut(ctx: KoaContextWithOIDC, form: string, paths: Paths): Promise<void> {
  const { session, entities, provider } = ctx.oidc;
  const hint = entities.IdTokenHint?.payload.sub;
  if (session && hint !== undefined && hint === session.accountId) {
    await endSession(ctx);
    return;
  }
  const [, xsrf = ""] = /name="xsrf" value="([^"]*)"/.exec(form) ?? [];
  ctx.type = "html";
  ctx.body = signOutPage(paths, { action: provider.pathFor("end_session_confirm"), xsrf });
}

async function endSession(ctx: KoaContextWithOIDC): Promise<void> {
  const { session, provider } = ctx.oidc;
  for (const { grantId } of Object.values(session?.authorizations ?? {})) {
    if (grantId === undefined) continue;
    await provider.AccessToken.revokeByGrantId(grantId);
    const grant = await provider.Grant.find(grantId);
    await grant?.destroy();
  }
  await session?.destroy();
  ctx.cookies.set(provider.cookieName("session"), null, {
    path: base(provider.issuer),
    signed: true,
  });
  redirectAfterSignOut(ctx);
}

/** Redirects to the URL that Rushes sent, which the library has checked against its list, or to the signed-out page. */
function redirectAfterSignOut(ctx: KoaContextWithOIDC): void {
  const { params, provider } = ctx.oidc;
  const { post_logout_redirect_uri: target, state } = params ?? {};
  const url = new URL(typeof target === "string" ? target : provider.urlFor("end_session_success"));
  if (typeof target === "string" && typeof state === "string") url.searchParams.set("state", state);
  ctx.status = 303;
  ctx.redirect(url.href);
}

/** Without a session there is nothing to confirm. The library would show a page with a script. */
export async function withoutSession(ctx: KoaContextWithOIDC, next: () => Promise<void>) {
  await next();
  const { route, session } = ctx.oidc ?? {};
  if (route === "end_session" && ctx.status === 200 && session?.accountId === undefined)
    redirectAfterSignOut(ctx);
}

const base = (issuer: string) => new URL(issuer).pathname;
