/** The pages with a password field. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { formatWait } from "@rushes/core/format";
import { errors, type Provider } from "oidc-provider";
import { type Account, type Accounts, normalizeEmail } from "./accounts.ts";
import type { Devices } from "./devices.ts";
import type { Guess, Guesses } from "./guesses.ts";
import { networkOf, readForm, send } from "./http.ts";
import { type Paths, problemPage, signInPage, welcomedPage, welcomePage } from "./pages.ts";
import { BusyError, hashPassword, isPassword, weakness } from "./password.ts";

export interface Parts {
  provider: Provider;
  accounts: Accounts;
  guesses: Guesses;
  devices: Devices;
  paths: Paths;
  /** The origin that browsers use. */
  origin: string;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

const WRONG = "The email address or the password is incorrect. Check both and try again.";

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** `/sign-in/<uid>`: the password form of a sign-in that the library has begun. */
export async function signIn(parts: Parts, exchange: Exchange, uid: string): Promise<void> {
  const { provider, paths } = parts;
  const { request, response } = exchange;
  const interaction = await provider.interactionDetails(request, response).catch((error) => {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  });
  if (interaction?.uid !== uid) {
    const message =
      "It took too long, was already used, or started in another browser. Sign in again.";
    send(response, 400, problemPage(paths, "This sign-in has expired", message));
    return;
  }
  if (interaction.prompt.name !== "login") {
    // The URL requested consent, which this provider does not need.
    await provider.interactionFinished(request, response, { consent: {} });
    return;
  }
  if (request.method !== "POST") {
    send(response, 200, signInPage(paths, { uid }));
    return;
  }
  const form = await readOwnForm(parts, exchange);
  if (!form) return;
  if (form.get("uid") !== uid) return sendForeignForm(parts, exchange);
  const email = (form.get("email") ?? "").slice(0, 320);
  const account = await checkPassword(parts, exchange, {
    email,
    password: form.get("password") ?? "",
    retry: (status, problem) => send(response, status, signInPage(paths, { uid, email, problem })),
  });
  if (account) await finishSignIn(parts, exchange, interaction, account);
}

/** The account with this password. Without one, `retry` has sent the response. */
async function checkPassword(
  { accounts, guesses, devices }: Parts,
  { request, response }: Exchange,
  given: { email: string; password: string; retry(status: number, problem: string): void },
): Promise<Account | undefined> {
  const { email, password, retry } = given;
  const account = await accounts.byEmail(email);
  // Guesses from unknown browsers do not make the account's owner wait.
  const isKnown = account !== undefined && devices.isKnown(request, account);
  const counted: Guess[] = [
    isKnown ? { kind: "device", of: account.id } : { kind: "account", of: normalizeEmail(email) },
    { kind: "client", of: networkOf(request) },
  ];
  const wait = guesses.take(...counted);
  if (wait > 0) {
    response.setHeader("retry-after", String(wait));
    retry(429, `Too many wrong passwords. Wait ${formatWait(wait)}, then try again.`);
    return undefined;
  }
  try {
    if (!(await isPassword(password, account?.passwordHash)) || !account) {
      retry(403, WRONG);
      return undefined;
    }
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    guesses.giveBack(...counted);
    response.setHeader("retry-after", String(error.retryAfterSeconds));
    retry(503, "Too many people are signing in right now. Try again in a few seconds.");
    return undefined;
  }
  guesses.forgive(...counted);
  return account;
}

async function finishSignIn(
  { provider, devices }: Parts,
  { request, response }: Exchange,
  { session }: Interaction,
  account: Account,
): Promise<void> {
  const returnTo = await provider.interactionResult(
    request,
    response,
    { login: { accountId: account.id } },
    { mergeWithLastSubmission: false },
  );
  await endOtherSession(provider, session, account.id);
  response.appendHeader("set-cookie", devices.cookieOf(account));
  response.writeHead(303, { location: returnTo, "content-length": 0 }).end();
}

/**
 * Ends the session of another account in this browser. The library would do that with a page that needs a script; here
 * the session loses its account before the new one gets it.
 */
async function endOtherSession(
  provider: Provider,
  before: { uid: string; accountId: string } | undefined,
  accountId: string,
): Promise<void> {
  if (!before || before.accountId === accountId) return;
  const session = await provider.Session.findByUid(before.uid);
  if (!session) return;
  delete session.accountId;
  delete session.authorizations;
  await session.persist();
}

/** `/welcome/<code>`: sets a password with a one-time link. Opening the page does not use the link up. */
export async function welcome(parts: Parts, exchange: Exchange, code: string): Promise<void> {
  const { accounts, guesses, paths } = parts;
  const { request, response } = exchange;
  const account = await accounts.byInvite(code);
  if (!account) return sendExpiredLink(parts, exchange);
  const { email } = account;
  if (request.method !== "POST") {
    send(response, 200, welcomePage(paths, { code, email }));
    return;
  }
  const form = await readOwnForm(parts, exchange);
  if (!form) return;
  const password = form.get("password") ?? "";
  const problem = weakness(password, email);
  if (problem !== undefined) {
    send(response, 422, welcomePage(paths, { code, email, problem }));
    return;
  }
  if (!(await accounts.redeem(code, await hashPassword(password)))) {
    return sendExpiredLink(parts, exchange);
  }
  // Wrong guesses at the previous password do not count for the new one.
  guesses.forgive({ kind: "account", of: normalizeEmail(email) });
  response.writeHead(303, { location: `${paths.base}/welcome`, "content-length": 0 }).end();
}

/** `/welcome`: after the password was set. */
export function welcomed({ paths }: Parts, { response }: Exchange): void {
  send(response, 200, welcomedPage(paths));
}

function sendExpiredLink({ paths }: Parts, { response }: Exchange): void {
  const message =
    "A link works once, within 24 hours. If you have set your password with it, sign in. If not, ask your administrator for a new link.";
  send(response, 404, problemPage(paths, "This link has expired", message));
}

/** The form, if this provider's page sent it. Otherwise the response has been sent. */
async function readOwnForm(parts: Parts, exchange: Exchange): Promise<URLSearchParams | undefined> {
  if (exchange.request.headers.origin !== parts.origin) {
    sendForeignForm(parts, exchange);
    return undefined;
  }
  const form = await readForm(exchange.request);
  if (!form) sendForeignForm(parts, exchange);
  return form;
}

function sendForeignForm({ paths }: Parts, { response }: Exchange): void {
  const message = "It was not sent from this page. Sign in again.";
  send(response, 403, problemPage(paths, "This form was rejected", message));
}
