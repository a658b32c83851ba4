/**
 * The OpenID provider that a home in public brings with it, for those who have none: accounts in a file,
 * passwords, one client. It is mounted below the home's one origin and is reached by nothing else.
 */
import { mkdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { isDiskFull } from "@rushes/aws-local/disk/full";
import { formatWait } from "@rushes/core/format";
import { STORAGE_FULL } from "@rushes/core/full";
import { Provider } from "oidc-provider";
import { openAccounts } from "./accounts.ts";
import { type Client, configuration, withoutSession } from "./configuration.ts";
import { createDevices } from "./devices.ts";
import { type Parts, signIn, welcome, welcomed } from "./forms.ts";
import { createGuesses } from "./guesses.ts";
import { networkOf, send, setRules } from "./http.ts";
import { keyOf, signingKeys } from "./keys.ts";
import { problemPage } from "./pages.ts";
import { BusyError } from "./password.ts";
import { openRows } from "./rows.ts";
import { createVisits } from "./sign-in-limit.ts";
import { LOOK } from "./style.ts";

export { hasAccount } from "./accounts.ts";

export interface ProviderOptions {
  /** `<data>/identity`. */
  dataDir: string;
  /** The home's origin with the path under which the handler is mounted, such as `https://…/identity`. */
  issuer: string;
  /** The home's secret. */
  secret: string;
  client: Client;
  onLog?(line: string): void;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?(sentence: string): void;
  /** For tests. */
  now?(): number;
}

export interface EmbeddedProvider {
  /** Answers everything below the issuer's path; the path comes whole. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Forms are small; whoever sends one for longer means no good. */
const ANSWER_MS = 30_000;
/** The dashboard's mark. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b1a18"/><path d="M7 6v20M25 6v20" stroke="#efebe3" stroke-width="2.4" stroke-dasharray="2.4 2.9"/><path d="M12.5 10.2v11.6L21.5 16z" fill="#f2a65a"/></svg>';

/** Starts it; keys and files are made when there are none. */
export async function start(options: ProviderOptions): Promise<EmbeddedProvider> {
  const { dataDir, issuer, secret, client, onLog = () => {}, now = Date.now } = options;
  const own = new URL(issuer);
  const paths = { base: own.pathname.replace(/\/$/, ""), begin: "/api/auth/sign-in" };
  const secure = own.protocol === "https:";
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { keys } = await signingKeys(dataDir);
  const rows = await openRows(join(dataDir, "rows"), now);
  for (const sentence of rows.damage) options.onDamage?.(sentence);
  const accounts = openAccounts(dataDir, now);
  const provider = new Provider(
    issuer,
    configuration({
      paths,
      secure,
      client,
      accounts,
      rows,
      keys,
      cookieKey: keyOf(secret, "identity-cookies"),
    }),
  );
  provider.proxy = true;
  provider.use(withoutSession);
  provider.on("server_error", (_, error) => onLog(`Failed: ${inLog(error)}`));
  const visit = createVisits(now);
  const library = provider.callback();
  const parts: Parts = {
    provider,
    accounts,
    guesses: createGuesses(now),
    devices: createDevices({ key: keyOf(secret, "identity-device"), path: paths.base, secure }),
    paths,
    origin: own.origin,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const whole = request.url ?? "/";
    const [pathname = ""] = whole.split("?");
    const exchange = { request, response };
    setRules(response);
    // Who we are is no question of how a request came in, be it by the door or from the web server.
    request.headers["x-forwarded-proto"] = own.protocol.slice(0, -1);
    request.headers["x-forwarded-host"] = own.host;
    if (pathname !== paths.base && !pathname.startsWith(`${paths.base}/`)) return missing(response);
    const rest = pathname.slice(paths.base.length);
    const [, room = "", of = ""] = /^\/([\w.-]+)(?:\/([\w-]{1,100}))?$/.exec(rest) ?? [];
    if (room === "sign-in" && of !== "") return signIn(parts, exchange, of);
    if (room === "welcome" && of !== "") return welcome(parts, exchange, of);
    if (rest === "/welcome") return welcomed(parts, exchange);
    if (rest === "/look.css") return send(response, 200, LOOK, "text/css");
    if (rest === "/icon.svg") return send(response, 200, ICON, "image/svg+xml");
    if (/^\/(auth|session)\b/.test(rest)) {
      const wait = visit(networkOf(request));
      if (wait > 0) return crowded(response, wait);
    }
    // As Express mounts it: the library finds its own path as what the two differ in.
    Object.assign(request, { originalUrl: whole, url: whole.slice(paths.base.length) || "/" });
    await library(request, response);
  }

  function crowded(response: ServerResponse, wait: number): void {
    response.setHeader("retry-after", String(wait));
    const sentence = `Your network has begun too many sign-ins. Wait ${formatWait(wait)}, then try again.`;
    send(response, 429, problemPage(paths, "Too many sign-ins", sentence));
  }

  function missing(response: ServerResponse): void {
    const sentence = "Check the address, or begin again.";
    send(response, 404, problemPage(paths, "There is nothing here", sentence));
  }

  return {
    handler(request, response) {
      const timer = setTimeout(() => request.destroy(), ANSWER_MS);
      response.once("close", () => clearTimeout(timer));
      answer(request, response).catch((error: unknown) => {
        const isBusy = error instanceof BusyError && !response.headersSent;
        if (isBusy) {
          response.setHeader("retry-after", String(error.retryAfterSeconds));
          const sentence = "Many people are here at this moment. Try again in a few seconds.";
          return send(response, 503, problemPage(paths, "Try again", sentence));
        }
        onLog(`Failed: ${inLog(error)}`);
        if (isDiskFull(error) && !response.headersSent) {
          const { status, message } = STORAGE_FULL;
          return send(response, status, problemPage(paths, "The disk is full", message));
        }
        if (response.headersSent) response.destroy();
        else
          send(response, 500, problemPage(paths, "Something went wrong", "Try again in a moment."));
      });
    },
    close: () => rows.close(),
  };
}

/** What failed and where, never what it was about: messages may carry what was typed. */
function inLog(error: unknown): string {
  if (!(error instanceof Error)) return "error";
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at ")) ?? "";
  return `${error.name}${where && ` ${where.trim()}`}`;
}
