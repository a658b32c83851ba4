/** How `oidc-provider` is set up here: one client, the code flow with PKCE, and nothing else. */
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
/** A working day: whoever comes back the next morning types the password again. */
const SESSION_SECONDS = 12 * 3600;

export function configuration(parts: Parts): Configuration {
  const { paths, secure, client, accounts, rows, keys, cookieKey } = parts;
  const prefix = secure ? "__Secure-rushes" : "rushes";
  const cookie = { signed: true, httpOnly: true, sameSite: "lax" } as const;
  return {
    adapter: rows.adapter,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: "Rushes",
        redirect_uris: client.redirectUris,
        post_logout_redirect_uris: client.postLogoutRedirectUris,
        response_types: ["code"],
        grant_types: ["authorization_code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: keys.map((key) => ({ ...key, kty: "RSA" })) },
    cookies: {
      keys: [cookieKey],
      names: {
        session: `${prefix}-identity`,
        interaction: `${prefix}-identity-sign-in`,
        resume: `${prefix}-identity-resume`,
      },
      long: { ...cookie, path: paths.base },
      short: cookie,
    },
    scopes: SCOPES,
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    // The ID token says it all itself: nobody has to ask a second time.
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
    features: {
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
    },
    interactions: { policy: policy(accounts), url: (_, { uid }) => `${paths.base}/sign-in/${uid}` },
    async findAccount(_, id) {
      const account = await accounts.byId(id);
      return account && { accountId: id, claims: () => claimsOf(account) };
    },
    loadExistingGrant: grantOf,
    renderError(ctx, _, error) {
      ctx.type = "html";
      ctx.body = problemPage(paths, ...troubleOf(ctx.status, error));
    },
  };
}

function troubleOf(status: number, error: Error): [title: string, sentence: string] {
  if (status >= 500) {
    return ["Something went wrong", "It is a mistake of ours, and it is in the log. Try again."];
  }
  return error instanceof errors.SessionNotFound
    ? [
        "This sign-in is over",
        "It took too long, was used already, or was begun in another browser. Begin again.",
      ]
    : ["This sign-in cannot go on", "The address that led here does not hold. Begin again."];
}

const claimsOf = ({ id, email, name, admin }: Account) => ({
  sub: id,
  email,
  // Whoever runs this Rushes gave the link, or the password, to whom the address belongs.
  email_verified: true,
  ...(name !== undefined && { name }),
  groups: admin ? ["admin"] : [],
});

/** The usual questions, and one of our own: whether the account is still there, with the same password. */
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
        // Whoever has just typed the password knows it, whatever the clock says.
        const isFresh = result?.login !== undefined;
        return account && (isFresh || !isBefore(session.loginTs, account.passwordSet))
          ? Check.NO_NEED_TO_PROMPT
          : Check.REQUEST_PROMPT;
      },
    ),
  );
  return prompts;
}

/** Sessions know when they began in whole seconds. */
const isBefore = (begun: number | undefined, passwordSet: string | undefined) =>
  passwordSet !== undefined && (begun ?? 0) < Math.floor(Date.parse(passwordSet) / 1000);

/** Nobody is asked whether Rushes may know the address: this provider is its own. */
async function grantOf(ctx: KoaContextWithOIDC) {
  const { client, session, account, provider } = ctx.oidc;
  if (!client || !session || !account) return undefined;
  const id = session.grantIdFor(client.clientId);
  const known = id === undefined ? undefined : await provider.Grant.find(id);
  if (known?.accountId === account.accountId) return known;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope(SCOPES.join(" "));
  await grant.save();
  return grant;
}

/**
 * Ends the session at once when it is Rushes that asks, for this very person: it shows the token that it
 * got for them, whose signature has been checked. Anybody else's link must be confirmed.
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
  goOn(ctx);
}

/** Back to where Rushes asked for, which has been checked against its list; else to a page of ours. */
function goOn(ctx: KoaContextWithOIDC): void {
  const { params, provider } = ctx.oidc;
  const { post_logout_redirect_uri: asked, state } = params ?? {};
  const url = new URL(typeof asked === "string" ? asked : provider.urlFor("end_session_success"));
  if (typeof asked === "string" && typeof state === "string") url.searchParams.set("state", state);
  ctx.status = 303;
  ctx.redirect(url.href);
}

/** Where nobody is signed in there is nothing to ask; the library would, by a script. */
export async function withoutSession(ctx: KoaContextWithOIDC, next: () => Promise<void>) {
  await next();
  const { route, session } = ctx.oidc ?? {};
  if (route === "end_session" && ctx.status === 200 && session?.accountId === undefined) goOn(ctx);
}

const base = (issuer: string) => new URL(issuer).pathname;
