/**
 * The built-in identity provider: an OpenID Connect provider with accounts in a file, passwords, and one client. In
 * public mode it is mounted below the origin of the web app, which is its only client.
 */
import { mkdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { isDiskFull } from "@rushes/aws-local/disk/full";
import { DisconnectedError } from "@rushes/aws-local/wire/read-body";
import { formatWait } from "@rushes/core/format";
import { STORAGE_FULL } from "@rushes/core/full";
import { Provider } from "oidc-provider";
import { openAccounts } from "./accounts.ts";
import { type Client, configuration, withoutSession } from "./configuration.ts";
import { createDevices } from "./devices.ts";
import { type Parts, signIn, welcome, welcomed } from "./forms.ts";
import { createGuesses } from "./guesses.ts";
import { networkOf, send, setSecurityHeaders } from "./http.ts";
import { deriveKey, signingKeys } from "./keys.ts";
import { problemPage } from "./pages.ts";
import { BusyError } from "./password.ts";
import { openRows, type Rows } from "./rows.ts";
import { createSignInLimit } from "./sign-in-limit.ts";
import { STYLE_SHEET } from "./style.ts";

export { hasAccount } from "./accounts.ts";

export interface ProviderOptions {
  /** `<data>/identity`. */
  dataDir: string;
  /** The public origin with the path where the handler is mounted, such as `https://…/identity`. */
  issuer: string;
  /** RUSHES_SECRET. */
  secret: string;
  client: Client;
  onLog?(line: string): void;
  /** Receives a message for each damaged item in the data. */
  onDamage?(message: string): void;
  /** For tests. */
  now?(): number;
}

export interface EmbeddedProvider {
  /** Handles every path below the issuer's. The path arrives unchanged. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Forms are small. A client that takes longer to send one is cut off. */
const REQUEST_MS = 30_000;
/** The same as the dashboard's. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b1a18"/><path d="M7 6v20M25 6v20" stroke="#efebe3" stroke-width="2.4" stroke-dasharray="2.4 2.9"/><path d="M12.5 10.2v11.6L21.5 16z" fill="#f2a65a"/></svg>';

interface Context {
  issuer: URL;
  parts: Parts;
  /** Handles the endpoints of OpenID Connect. */
  library: ReturnType<Provider["callback"]>;
  takeSignIn: ReturnType<typeof createSignInLimit>;
  onLog(line: string): void;
}

/** Starts the provider. Creates its keys and files if there are none. */
export async function start(options: ProviderOptions): Promise<EmbeddedProvider> {
  const { dataDir, now = Date.now } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const rows = await openRows(join(dataDir, "rows"), now);
  for (const message of rows.damage) options.onDamage?.(message);
  const context = await createContext(options, rows);
  return {
    handler(request, response) {
      const timer = setTimeout(() => request.destroy(), REQUEST_MS);
      response.once("close", () => clearTimeout(timer));
      route(context, request, response).catch((error) => sendError(context, response, error));
    },
    close: () => rows.close(),
  };
}

async function createContext(options: ProviderOptions, rows: Rows): Promise<Context> {
  const { dataDir, secret, client, onLog = () => {}, now = Date.now } = options;
  const issuer = new URL(options.issuer);
  const paths = { base: issuer.pathname.replace(/\/$/, ""), begin: "/api/auth/sign-in" };
  const secure = issuer.protocol === "https:";
  const accounts = openAccounts(dataDir, now);
  const { keys } = await signingKeys(dataDir);
  const cookieKey = deriveKey(secret, "identity-cookies");
  const provider = new Provider(
    options.issuer,
    configuration({ paths, secure, client, accounts, rows, keys, cookieKey }),
  );
  provider.proxy = true;
  provider.use(withoutSession);
  provider.on("server_error", (_, error) => onLog(`Failed: ${describe(error)}`));
  const deviceKey = deriveKey(secret, "identity-device");
  return {
    issuer,
    parts: {
      provider,
      accounts,
      guesses: createGuesses(now),
      devices: createDevices({ key: deviceKey, path: paths.base, secure }),
      paths,
      origin: issuer.origin,
    },
    library: provider.callback(),
    takeSignIn: createSignInLimit(now),
    onLog,
  };
}

async function route(context: Context, request: IncomingMessage, response: ServerResponse) {
  const { issuer, parts, library, takeSignIn } = context;
  const { paths } = parts;
  const url = request.url ?? "/";
  const [pathname = ""] = url.split("?");
  const exchange = { request, response };
  setSecurityHeaders(response);
  // The public name does not depend on whether the reverse proxy or the web server sent the request.
  request.headers["x-forwarded-proto"] = issuer.protocol.slice(0, -1);
  request.headers["x-forwarded-host"] = issuer.host;
  if (pathname !== paths.base && !pathname.startsWith(`${paths.base}/`)) {
    return sendNotFound(context, response);
  }
  const rest = pathname.slice(paths.base.length);
  const [, page = "", id = ""] = /^\/([\w.-]+)(?:\/([\w-]{1,100}))?$/.exec(rest) ?? [];
  if (page === "sign-in" && id !== "") return signIn(parts, exchange, id);
  if (page === "welcome" && id !== "") return welcome(parts, exchange, id);
  if (rest === "/welcome") return welcomed(parts, exchange);
  if (rest === "/style.css") return send(response, 200, STYLE_SHEET, "text/css");
  if (rest === "/icon.svg") return send(response, 200, ICON, "image/svg+xml");
  if (/^\/(auth|session)\b/.test(rest)) {
    const wait = takeSignIn(networkOf(request));
    if (wait > 0) return sendTooManySignIns(context, response, wait);
  }
  // As Express mounts it: the library derives its mount path from the difference of the two.
  Object.assign(request, { originalUrl: url, url: url.slice(paths.base.length) || "/" });
  await library(request, response);
}

function sendTooManySignIns({ parts }: Context, response: ServerResponse, wait: number): void {
  response.setHeader("retry-after", String(wait));
  const message = `There were too many sign-ins from your network. Wait ${formatWait(wait)}, then try again.`;
  send(response, 429, problemPage(parts.paths, "Too many sign-ins", message));
}

function sendNotFound({ parts }: Context, response: ServerResponse): void {
  const message = "Check the URL, or sign in.";
  send(response, 404, problemPage(parts.paths, "Page not found", message));
}

function sendError({ parts, onLog }: Context, response: ServerResponse, error: unknown): void {
  const sendProblem = (status: number, title: string, message: string) =>
    send(response, status, problemPage(parts.paths, title, message));
  if (error instanceof BusyError && !response.headersSent) {
    response.setHeader("retry-after", String(error.retryAfterSeconds));
    const message = "Too many people are signing in right now. Try again in a few seconds.";
    sendProblem(503, "Try again", message);
    return;
  }
  if (error instanceof DisconnectedError) {
    response.destroy();
    return;
  }
  onLog(`Failed: ${describe(error)}`);
  if (response.headersSent) response.destroy();
  else if (isDiskFull(error)) {
    sendProblem(STORAGE_FULL.status, "The disk is full", STORAGE_FULL.message);
  } else sendProblem(500, "Something went wrong", "Try again in a moment.");
}

/** The error's type and place, without its message, which may contain what a user typed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "error";
  const place = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at ")) ?? "";
  return `${error.name}${place && ` ${place.trim()}`}`;
}
