/** The OpenID provider, through a certified client library. */
import { type Code, VisibleError } from "@rushes/core/error";
import { checkIssuer, otherIssuer } from "@rushes/core/issuer";
import { type Linked, resource } from "@rushes/core/resource";
import type { Identity } from "@rushes/core/user/index";
import * as oidc from "openid-client";
import * as z from "zod";
import { cognitoSignOut } from "./cognito.ts";
import { claimOf, groupsOf, isOverage } from "./groups.ts";

type Required = Extract<Linked["SignIn"], { required: true }>;

/** The expected values of one sign-in. Only the browser keeps them, sealed. */
export const Transaction = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
});
export type Transaction = z.infer<typeof Transaction>;

export interface SignedIn {
  identity: Identity;
  idToken?: string | undefined;
}

/** A provider's metadata rarely changes. Its keys are fetched again when one is unknown. */
const METADATA_MS = 3_600_000;
const TIMEOUT_SECONDS = 10;
/** The allowed clock difference, in seconds. */
const TOLERANCE = 30;
/**
 * The maximum age of a token that the provider returns. Entra ID writes a time five minutes ago into each token, so that
 * clients with a slow clock accept it: https://github.com/openid/AppAuth-iOS/issues/264. AppAuth allows ten minutes too.
 */
const MAX_AGE_SECONDS = 600;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

const callbackUrl = () => `${resource().Settings.siteUrl}/api/auth/callback`;

/**
 * The provider's sign-in URL, and the expected values of its response. With `again`, the provider prompts even a user
 * with a session, for example one that Rushes rejected. Throws `signin.unavailable`.
 */
export async function begin(
  returnTo: string,
  again = false,
): Promise<{ url: URL; transaction: Transaction }> {
  const config = await configuration();
  const transaction: Transaction = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    returnTo,
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackUrl(),
    scope: "openid email profile",
    response_type: "code",
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(transaction.verifier),
    code_challenge_method: "S256",
    ...(again && { prompt: "login" }),
  });
  return { url, transaction };
}

/**
 * The user who signed in, from the query of the provider's redirect. Throws `signin.state`, `signin.denied`,
 * `signin.invalid`, `signin.clock` and `signin.unavailable`.
 */
export async function finish(query: string, transaction: Transaction): Promise<SignedIn> {
  const config = await configuration();
  try {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(query, callbackUrl()), {
      expectedState: transaction.state,
      expectedNonce: transaction.nonce,
      pkceCodeVerifier: transaction.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw problem("signin.invalid");
    assertFresh(claims.iat);
    const more = await userInfo(config, tokens.access_token, claims);
    return { identity: identityOf({ ...more, ...claims }), idToken: tokens.id_token };
  } catch (error) {
    throw visible(error);
  }
}

/** The provider's sign-out URL; undefined if it has none. */
export async function signOutUrl(idToken?: string): Promise<string | undefined> {
  try {
    const config = await configuration();
    const { issuer, end_session_endpoint: endpoint } = config.serverMetadata();
    if (endpoint === undefined) return undefined;
    const returnTo = `${resource().Settings.siteUrl}/sign-in`;
    const { client_id: clientId } = config.clientMetadata();
    const ofCognito = cognitoSignOut({ issuer, endpoint, clientId, returnTo });
    if (ofCognito !== undefined) return ofCognito;
    return oidc.buildEndSessionUrl(config, {
      post_logout_redirect_uri: returnTo,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    }).href;
  } catch {
    // The session in Rushes has ended. The provider's cannot end while the provider is unreachable.
    return undefined;
  }
}

/** The message for each sign-in error. */
const SENTENCES = {
  "signin.state":
    "This sign-in was not started in this browser, took too long, or was already used.",
  "signin.denied": "The sign-in provider denied access.",
  "signin.invalid": "The sign-in provider's response is invalid.",
  "signin.clock": "The clocks of the sign-in provider and of this server are too far apart.",
  "signin.unavailable": "The sign-in provider does not respond. Try again in a moment.",
  "signin.issuer":
    "RUSHES_OIDC_ISSUER does not match the issuer that the sign-in provider reports. The log has the correct value.",
  "signin.groups":
    "The sign-in provider sends groups in an unknown format; the log shows it. Check RUSHES_OIDC_GROUPS_CLAIM.",
} as const satisfies Partial<Record<Code, string>>;

export function problem(code: keyof typeof SENTENCES): VisibleError {
  return new VisibleError(
    code === "signin.unavailable" ? "unavailable" : "forbidden",
    code,
    SENTENCES[code],
  );
}

let cached: { config: Promise<oidc.Configuration>; until: number } | undefined;

/** The provider's metadata. A failure is not cached. Throws `signin.unavailable`. */
async function configuration(): Promise<oidc.Configuration> {
  const { SignIn } = resource();
  if (!SignIn.required) throw problem("signin.unavailable");
  if (!cached || cached.until <= Date.now()) {
    const entry = { config: discover(SignIn), until: Date.now() + METADATA_MS };
    entry.config.catch(() => {
      if (cached === entry) cached = undefined;
    });
    cached = entry;
  }
  try {
    return await cached.config;
  } catch (error) {
    log(error);
    throw problem((await isOtherIssuer(SignIn)) ? "signin.issuer" : "signin.unavailable");
  }
}

/** Whether discovery failed because the setting differs from the provider's issuer, which is then in the log. */
async function isOtherIssuer({ issuer, backchannel }: Required): Promise<boolean> {
  const reached = reach(new URL(issuer), backchannel);
  const request = (address: string, { signal }: { signal: AbortSignal }) =>
    reached(address, { method: "GET", headers: {}, redirect: "manual", body: null, signal });
  const check = await checkIssuer(issuer, { request });
  if (check.kind === "other") process.stderr.write(`${otherIssuer(issuer, check.named)}\n`);
  return check.kind === "other";
}

async function discover(settings: Required): Promise<oidc.Configuration> {
  const issuer = new URL(settings.issuer);
  const isLoopback = issuer.protocol === "http:" && LOOPBACK.has(issuer.hostname);
  const metadata: Partial<oidc.ClientMetadata> = {
    client_secret: settings.clientSecret,
    [oidc.clockTolerance]: TOLERANCE,
  };
  const ask = () =>
    oidc.discovery(issuer, settings.clientId, metadata, authenticate(settings.clientSecret), {
      timeout: TIMEOUT_SECONDS,
      [oidc.customFetch]: reach(issuer, settings.backchannel),
      execute: [
        // In the code flow, TLS authenticates the token. This checks its signature as well.
        oidc.enableNonRepudiationChecks,
        ...(isLoopback ? [oidc.allowInsecureRequests] : []),
      ],
    });
  // Retries once after a broken connection.
  return ask().catch(ask);
}

/** Sends the secret in the body if the provider allows it, because providers differ in how they escape the header. */
function authenticate(secret: string): oidc.ClientAuth {
  const [inBody, inHeader] = [oidc.ClientSecretPost(secret), oidc.ClientSecretBasic(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const client = methods.includes("client_secret_post") ? inBody : inHeader;
    return client(server, ...rest);
  };
}

/** Connects to the issuer's internal URL, and sends the public URL that browsers use. */
function reach(issuer: URL, backchannel: string | undefined): oidc.CustomFetch {
  return (address, init) => {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    if (backchannel !== undefined && url.origin === issuer.origin) {
      const { protocol, host } = new URL(backchannel);
      Object.assign(url, { protocol, host });
      headers.set("x-forwarded-host", issuer.host);
      headers.set("x-forwarded-proto", issuer.protocol.replace(":", ""));
    }
    // The library's body type includes shared memory, which it never sends.
    return fetch(url, { ...init, headers } as RequestInit);
  };
}

/** The library rejects expired tokens. This also rejects tokens from the future and old ones. */
function assertFresh(issued: number): void {
  const age = Date.now() / 1000 - issued;
  if (age < -TOLERANCE || age > MAX_AGE_SECONDS) throw problem("signin.clock");
}

/** Claims that the token omits: many providers return the email address and groups only from this endpoint. */
async function userInfo(config: oidc.Configuration, accessToken: string, claims: oidc.IDToken) {
  const { SignIn } = resource();
  const wanted = ["email", "email_verified", SignIn.required ? SignIn.groupsClaim : "email"];
  const isWhole = wanted.every((name) => claimOf(claims, name) !== undefined);
  if (isWhole || config.serverMetadata().userinfo_endpoint === undefined) return {};
  return oidc.fetchUserInfo(config, accessToken, claims.sub);
}

function identityOf(claims: Record<string, unknown>): Identity {
  const { SignIn } = resource();
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  // Cognito's user info returns it as a string.
  const verified = claims.email_verified;
  return {
    issuer: text(claims.iss) ?? "",
    subject: text(claims.sub) ?? "",
    email: text(claims.email),
    emailVerified: verified === undefined ? undefined : verified === true || verified === "true",
    name: text(claims.name),
    groups: SignIn.required ? namesOfGroups(claims, SignIn.groupsClaim) : [],
  };
}

/** The group names in the claim. Throws `signin.groups` for an unknown format. */
function namesOfGroups(claims: Record<string, unknown>, claim: string): string[] {
  const groups = groupsOf(claims, claim);
  if ("shape" in groups) {
    const text = `The sign-in provider: the claim ${claim} (RUSHES_OIDC_GROUPS_CLAIM) is ${groups.shape}, not a list of names.\n`;
    process.stderr.write(text);
    throw problem("signin.groups");
  }
  if (isOverage(claims, claim)) {
    process.stderr.write(
      `The sign-in provider left out the claim ${claim}: the user has too many groups. Send only the groups that are assigned to Rushes, or use RUSHES_ADMINS.\n`,
    );
  }
  return groups.names;
}

/** The message for an error of the library. The log gets the error's name, never its values. */
function visible(error: unknown): VisibleError {
  if (error instanceof VisibleError) return error;
  log(error);
  if (error instanceof oidc.AuthorizationResponseError) {
    const isAway = ["temporarily_unavailable", "server_error"].includes(error.error);
    return problem(isAway ? "signin.unavailable" : "signin.denied");
  }
  if (error instanceof oidc.ResponseBodyError) {
    if (error.status >= 500) return problem("signin.unavailable");
    return problem(error.error === "invalid_grant" ? "signin.state" : "signin.denied");
  }
  const code = codeOf(error);
  if (code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") return problem("signin.clock");
  if (code === "OAUTH_TIMEOUT" || code === "OAUTH_RESPONSE_IS_NOT_CONFORM") {
    return problem("signin.unavailable");
  }
  // The library's errors have codes. A failed request has none.
  return problem(code?.startsWith("OAUTH_") ? "signin.invalid" : "signin.unavailable");
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

function log(error: unknown): void {
  const what = error instanceof Error ? `${error.name} ${codeOf(error) ?? error.message}` : "error";
  const why = error instanceof oidc.ResponseBodyError ? ` ${error.error}` : "";
  process.stderr.write(`The sign-in provider: ${what}${why}\n`);
}
