/**
 * The canonical form of a request, whose hash AWS Signature Version 4 signs.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { SignatureError } from "./signature-error.ts";

/** The parts of a request that a signature covers; node:http's IncomingMessage fits. */
export interface SignedMessage {
  method?: string;
  /** The raw path and query. */
  url?: string;
  rawHeaders: readonly string[];
}

export type Query = [name: string, value: string][];

export interface ParsedMessage {
  method: string;
  path: string;
  query: Query;
  /** By lower-case name. */
  headers: Map<string, string>;
}

/** AWS's UriEncode: all but A-Z a-z 0-9 - . _ ~ becomes %XX of its UTF-8 bytes. */
export const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Query parameters of a raw query string, decoded, in order; a plus is a space. Throws URIError. */
export function parseQuery(query: string): Query {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.replaceAll("+", " ").split("=");
      return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
    });
}

/** The first value of a query parameter. */
export const queryValue = (query: Query, name: string) => query.find(([is]) => is === name)?.[1];

export function parseMessage({
  method = "GET",
  url = "/",
  rawHeaders,
}: SignedMessage): ParsedMessage {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const headers = headerValues(rawHeaders);
  try {
    return { method, path, query: parseQuery(mark < 0 ? "" : url.slice(mark + 1)), headers };
  } catch {
    throw new SignatureError(
      "AuthorizationQueryParametersError",
      "The query string is not valid percent-encoded UTF-8.",
    );
  }
}

/** Header values in their signed form: trimmed, inner spaces collapsed, repeated headers joined. */
function headerValues(raw: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = (raw[at + 1] ?? "").trim().replace(/ +/g, " ");
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

export function canonicalRequest(
  { method, path, query, headers }: ParsedMessage,
  signed: { service: string; signedHeaders: string[]; payloadHash: string },
): string {
  return [
    method,
    canonicalPath(path, signed.service),
    canonicalQuery(query),
    ...signed.signedHeaders.map((name) => `${name}:${headers.get(name) ?? ""}`),
    "",
    signed.signedHeaders.join(";"),
    signed.payloadHash,
  ].join("\n");
}

/** S3 encodes the path once and does not normalize it; the other services normalize it and encode it twice. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") {
    try {
      return path
        .split("/")
        .map((segment) => uriEncode(decodeURIComponent(segment)))
        .join("/");
    } catch {
      return path;
    }
  }
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(uriEncode(segment));
  }
  return `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: Query): string {
  return query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, av], [b, bv]) => (a < b ? -1 : a > b ? 1 : av < bv ? -1 : av > bv ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
