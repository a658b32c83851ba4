/** Checks that run on every request before its route. */
import { tooLarge } from "@rushes/core/captions/parse";
import { MAX_BYTES } from "@rushes/core/captions/schema";
import { VisibleError } from "@rushes/core/error";
import { resource } from "@rushes/core/resource";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isOwnHost } from "../lib/host.ts";
import { bearerOf } from "./actor.ts";
import { sessionOf } from "./cookies.ts";

/** Enough for a hundred files with names of a kilobyte. No other JSON needs more. */
const MAX_BODY_BYTES = 512 * 1024;

/** Routes whose body is a file, and its types. A form on another site cannot send these either. */
const FILES = [
  {
    method: "POST",
    path: /^\/api\/jobs\/[^/]+\/captions\/?$/,
    types: /^(text\/vtt|application\/(x-subrip|octet-stream))\s*(;|$)/i,
    names: "text/vtt or application/x-subrip",
  },
  {
    method: "PUT",
    path: /^\/api\/jobs\/[^/]+\/poster\/?$/,
    types: /^image\/jpeg\s*(;|$)/i,
    names: "image/jpeg",
  },
];
const fileOf = (c: Context) =>
  FILES.find(({ method, path }) => c.req.method === method && path.test(c.req.path));

const foreign = (message: string) => new VisibleError("forbidden", "request.foreign", message);

function hostOf(c: Context): URL | undefined {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
}

/** Rejects a Host that is neither this machine's nor the site's. */
export const ownHost: MiddlewareHandler = async (c, next) => {
  const { siteUrl } = resource().Settings;
  if (!isOwnHost(hostOf(c)?.host, siteUrl)) {
    throw foreign(`This host name is not allowed. Open ${new URL(siteUrl).origin} instead.`);
  }
  await next();
};

/**
 * Rejects changes that another site's page requests. Tools that send no Origin are allowed, but not with a session
 * cookie, which browsers add automatically: such a request must come from this site's pages. A request with a token
 * needs no such check, because no browser adds a token.
 */
export const ownOrigin: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== "GET" && c.req.method !== "HEAD") {
    const origin = c.req.header("origin");
    const site = c.req.header("sec-fetch-site");
    const ownHosts = new Set([hostOf(c)?.host, new URL(resource().Settings.siteUrl).host]);
    const from = origin !== undefined && URL.canParse(origin) ? new URL(origin).host : origin;
    const isUnknown = origin === undefined && site === undefined;
    const hasCookie = bearerOf(c.req.raw) === undefined && sessionOf(c.req.raw) !== undefined;
    const isForeign = origin !== undefined ? !ownHosts.has(from) : site !== "same-origin";
    if (isUnknown ? hasCookie : isForeign) {
      throw foreign("This request came from another site and was blocked.");
    }
  }
  await next();
};

/** Requires the JSON content type, which a form on another site cannot send, or that of the route's file. */
export const typed: MiddlewareHandler = async (c, next) => {
  const type = c.req.header("content-type");
  // Decides by the headers, as in HTTP/1.1: Next passes an empty stream with every DELETE.
  const length = c.req.header("content-length") ?? "0";
  const hasBody = length !== "0" || c.req.header("transfer-encoding") !== undefined;
  const { types, names } = fileOf(c) ?? {
    types: /^application\/json\s*(;|$)/i,
    names: "application/json",
  };
  if (hasBody && !types.test(type ?? "")) {
    throw new VisibleError("input", "request.type", `Send the body as ${names}.`);
  }
  await next();
};

/** No body of the API has more levels. A recursion over a body with many more would exceed the stack. */
const MAX_LEVELS = 32;

const invalid = (message: string) => new VisibleError("input", "request.invalid", message);

/**
 * Rejects JSON strings with an unpaired surrogate. UTF-8 cannot encode one, so the table and every mail would fail
 * later with an internal error.
 */
export const wellFormed: MiddlewareHandler = async (c, next) => {
  const type = c.req.header("content-type") ?? "";
  if (/^application\/json\s*(;|$)/i.test(type) && /\\ud[89a-f]/i.test(await c.req.text())) {
    // Parsed here, before any route: a body that is not JSON must not become an internal error.
    const body = await c.req.json().catch(() => {
      throw invalid("The body is not valid JSON.");
    });
    const field = illFormed(body);
    if (field !== undefined) throw invalid(`${field}: the text is not well-formed Unicode.`);
  }
  await next();
};

/**
 * The path of the first string that is not well-formed Unicode; undefined if all are. Throws `request.invalid` for a
 * value with too many levels.
 */
function illFormed(value: unknown, path: readonly string[] = []): string | undefined {
  const place = () => path.join(".") || "The body";
  if (typeof value === "string") return value.isWellFormed() ? undefined : place();
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length >= MAX_LEVELS) throw invalid("The body has too many levels.");
  for (const [name, inner] of Object.entries(value)) {
    if (!name.isWellFormed()) return place();
    const found = illFormed(inner, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const limitJson = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new VisibleError("too_large", "request.too_large", "The body is larger than 512 KiB.");
  },
});
const limitFile = bodyLimit({
  maxSize: MAX_BYTES,
  onError: () => {
    throw tooLarge();
  },
});
export const limitBody: MiddlewareHandler = (c, next) =>
  fileOf(c) ? limitFile(c, next) : limitJson(c, next);

/** Keeps private data out of every cache. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
};
