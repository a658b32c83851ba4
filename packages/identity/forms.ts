/** The pages where somebody types a password. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { formatWait } from "@rushes/core/format";
import { errors, type Provider } from "oidc-provider";
import type { Accounts } from "./accounts.ts";
import { fold } from "./accounts.ts";
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
  /** Origin under which browsers come. */
  origin: string;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

const WRONG = "The address or the password is not right. Check both, and type the password again.";

/** `/sign-in/<uid>`: the password of a sign-in that the library has begun. */
export async function signIn(parts: Parts, exchange: Exchange, uid: string): Promise<void> {
  const { provider, accounts, guesses, devices, paths } = parts;
  const { request, response } = exchange;
  const details = await provider.interactionDetails(request, response).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  });
  if (details?.uid !== uid) {
    send(
      response,
      400,
      problemPage(
        paths,
        "This sign-in is over",
        "It took too long, was used already, or was begun in another browser. Begin again.",
      ),
    );
    return;
  }
  if (details.prompt.name !== "login") {
    // Somebody's address asks for a consent that nobody has to give here.
    await provider.interactionFinished(request, response, { consent: {} });
    return;
  }
  if (request.method !== "POST") {
    send(response, 200, signInPage(paths, { uid }));
    return;
  }
  const form = await ownForm(parts, exchange);
  if (!form) return;
  if (form.get("uid") !== uid) return foreign(parts, exchange);
  const email = (form.get("email") ?? "").slice(0, 320);
  const password = form.get("password") ?? "";
  const again = (status: number, problem: string) =>
    send(response, status, signInPage(paths, { uid, email, problem }));
  const account = await accounts.byEmail(email);
  // Whoever guesses at an account from elsewhere does not keep its own person waiting.
  const isKnown = account !== undefined && devices.isOf(request, account);
  const asked: Guess[] = [
    isKnown ? { kind: "device", of: account.id } : { kind: "account", of: fold(email) },
    { kind: "client", of: networkOf(request) },
  ];
  const wait = guesses.take(...asked);
  if (wait > 0) {
    response.setHeader("retry-after", String(wait));
    again(429, `Too many wrong passwords. Wait ${formatWait(wait)}, then try again.`);
    return;
  }
  try {
    if (!(await isPassword(password, account?.passwordHash)) || !account) {
      again(403, WRONG);
      return;
    }
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    guesses.giveBack(...asked);
    response.setHeader("retry-after", String(error.retryAfterSeconds));
    again(503, "Many people are signing in at this moment. Try again in a few seconds.");
    return;
  }
  guesses.forgive(...asked);
  const returnTo = await provider.interactionResult(
    request,
    response,
    { login: { accountId: account.id } },
    { mergeWithLastSubmission: false },
  );
  await forgetOther(provider, details.session, account.id);
  response.appendHeader("set-cookie", devices.cookieOf(account));
  response.writeHead(303, { location: returnTo, "content-length": 0 }).end();
}

/**
 * Somebody else was signed in in this browser. The library would end that session by a page with a
 * script; here it simply becomes nobody's before it is the new one's.
 */
async function forgetOther(
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

/** `/welcome/<code>`: the password that a one-time link sets. Looking at it does not use it up. */
export async function welcome(parts: Parts, exchange: Exchange, code: string): Promise<void> {
  const { accounts, guesses, paths } = parts;
  const { request, response } = exchange;
  const over = () =>
    send(
      response,
      404,
      problemPage(
        paths,
        "This link is over",
        "It works once, and for a day. If you have set your password with it, sign in; if not, ask whoever runs this Rushes for a new link.",
      ),
    );
  const account = await accounts.byInvite(code);
  if (!account) return over();
  const { email } = account;
  if (request.method !== "POST") {
    send(response, 200, welcomePage(paths, { code, email }));
    return;
  }
  const form = await ownForm(parts, exchange);
  if (!form) return;
  const password = form.get("password") ?? "";
  const problem = weakness(password, email);
  if (problem !== undefined) {
    send(response, 422, welcomePage(paths, { code, email, problem }));
    return;
  }
  if (!(await accounts.redeem(code, await hashPassword(password)))) return over();
  // Guesses at the password before it are not held against this one.
  guesses.forgive({ kind: "account", of: fold(email) });
  response.writeHead(303, { location: `${paths.base}/welcome`, "content-length": 0 }).end();
}

/** After it. */
export function welcomed({ paths }: Parts, { response }: Exchange): void {
  send(response, 200, welcomedPage(paths));
}

/** The form, if it came from a page of ours; else it has been answered. */
async function ownForm(parts: Parts, exchange: Exchange): Promise<URLSearchParams | undefined> {
  if (exchange.request.headers.origin !== parts.origin) {
    foreign(parts, exchange);
    return undefined;
  }
  const form = await readForm(exchange.request);
  if (!form) foreign(parts, exchange);
  return form;
}

function foreign({ paths }: Parts, { response }: Exchange): void {
  const sentence = "It did not come from this page. Begin again.";
  send(response, 403, problemPage(paths, "This form was not taken", sentence));
}
