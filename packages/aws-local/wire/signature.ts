/**
 * AWS Signature Version 4, the verifying side, for every service that stands in at the wire.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What of a request is needed; node:http's IncomingMessage fits. `url` is the raw path and query. */
export interface SignedMessage {
  method?: string;
  url?: string;
  rawHeaders: readonly string[];
}

export interface VerifyOptions {
  /** The name in the credential scope: `s3`, `mediaconvert`, `ses`. */
  service: string;
  region: string;
  credentials: Credentials;
  /** The whole body; every service but S3 signs its hash without sending it. */
  body?: Uint8Array;
  /** Milliseconds since 1970. */
  now?: number;
}

export interface Verified {
  by: "header" | "query";
  signedHeaders: ReadonlySet<string>;
  /** The signed hash of the body in hex, or one of S3's words such as `UNSIGNED-PAYLOAD`. */
  payloadHash: string;
  /** What the signatures of an aws-chunked body continue from. */
  chain: { signature: string; key: Buffer; time: string; scope: string };
}

export type SignatureCode =
  /** Nobody signed, the address has expired, or an x-amz-* header was not signed. */
  | "AccessDenied"
  /** A token of temporary credentials, of which this home has none. */
  | "InvalidToken"
  | "InvalidAccessKeyId"
  | "SignatureDoesNotMatch"
  /** Signed more than 15 minutes from now. */
  | "RequestTimeTooSkewed"
  | "AuthorizationHeaderMalformed"
  | "AuthorizationQueryParametersError"
  /** S3 only: the header x-amz-content-sha256 is missing. */
  | "InvalidRequest";

const STATUS: Record<SignatureCode, number> = {
  AccessDenied: 403,
  InvalidToken: 400,
  InvalidAccessKeyId: 403,
  SignatureDoesNotMatch: 403,
  RequestTimeTooSkewed: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  InvalidRequest: 400,
};

/** A refused signature, in S3's codes; other services translate `code` to theirs. */
export class SignatureError extends Error {
  readonly code: SignatureCode;
  readonly status: number;

  constructor(code: SignatureCode, message: string) {
    super(message);
    this.name = "SignatureError";
    this.code = code;
    this.status = STATUS[code];
  }
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const SKEW_MS = 15 * 60_000;
/** Seven days, S3's limit for a presigned address. */
const MAX_EXPIRES_SECONDS = 604_800;

export const sha256Hex = (data: string | Uint8Array) =>
  createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) =>
  createHmac("sha256", key).update(data).digest();
export const hmacHex = (key: Buffer, data: string) => hmac(key, data).toString("hex");

/** Compares two signatures in a time that does not depend on where they differ. */
export function sameSignature(left: string, right: string): boolean {
  const a = Buffer.from(left, "latin1");
  const b = Buffer.from(right, "latin1");
  return a.length === b.length && timingSafeEqual(a, b);
}

/** AWS's UriEncode: all but A-Z a-z 0-9 - . _ ~ becomes %XX of its UTF-8 bytes. */
export const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Query parameters of a raw query string, decoded, in order; a plus is a space. Throws URIError. */
export function parseQuery(query: string): [name: string, value: string][] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.replaceAll("+", " ").split("=");
      return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
    });
}

interface Parts {
  by: "header" | "query";
  accessKeyId: string;
  scope: string;
  signedHeaders: string[];
  signature: string;
  time: string;
}

/**
 * Verifies who signed a request, by its Authorization header or its query.
 *
 * @throws SignatureError when it was not signed, not by us, not for this moment, or was changed since.
 */
export function verifySignature(message: SignedMessage, options: VerifyOptions): Verified {
  const { path, query } = splitTarget(message.url ?? "/");
  const headers = headerValues(message.rawHeaders);
  const parts = partsOf(headers, query);
  const date = parts.time.slice(0, 8);
  const scope = `${date}/${options.region}/${options.service}/aws4_request`;
  if (parts.scope !== scope) {
    throw malformed(parts.by, `The credential's scope must be ${scope}; it is ${parts.scope}.`);
  }
  if (parts.accessKeyId !== options.credentials.accessKeyId) {
    throw new SignatureError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  }
  if (headers.has("x-amz-security-token") || has(query, "X-Amz-Security-Token")) {
    throw new SignatureError(
      "InvalidToken",
      "The provided token is malformed or otherwise invalid.",
    );
  }
  checkTime(parts, query, options.now ?? Date.now());
  checkSignedHeaders(parts, headers, options.service);
  const payloadHash = payloadHashOf(parts, headers, query, options);
  const canonical = [
    message.method ?? "GET",
    canonicalPath(path, options.service),
    canonicalQuery(query),
    ...parts.signedHeaders.map((name) => `${name}:${headers.get(name) ?? ""}`),
    "",
    parts.signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const key = signingKey(options, date);
  const signature = hmacHex(key, [ALGORITHM, parts.time, scope, sha256Hex(canonical)].join("\n"));
  if (!sameSignature(signature, parts.signature)) {
    throw new SignatureError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  return {
    by: parts.by,
    signedHeaders: new Set(parts.signedHeaders),
    payloadHash,
    chain: { signature, key, time: parts.time, scope },
  };
}

/** The keys in use: one for each service and day, made by four HMACs that every request would repeat. */
const keys = new Map<string, Buffer>();
const MAX_KEYS = 64;

function signingKey({ credentials, region, service }: VerifyOptions, date: string): Buffer {
  const name = [credentials.secretAccessKey, date, region, service].join("\n");
  const known = keys.get(name);
  if (known) return known;
  const made = [date, region, service, "aws4_request"].reduce<Buffer>(
    (key, data) => hmac(key, data),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, made);
  return made;
}

function splitTarget(target: string): { path: string; query: [string, string][] } {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  try {
    return { path, query: parseQuery(mark < 0 ? "" : target.slice(mark + 1)) };
  } catch {
    throw malformed("query", "The query string is not valid percent-encoded UTF-8.");
  }
}

/** Lower-cased names to values as they are signed: trimmed, inner spaces made one, repeats joined. */
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

const has = (query: [string, string][], name: string) => query.some(([is]) => is === name);
const first = (query: [string, string][], name: string) => query.find(([is]) => is === name)?.[1];

const malformed = (by: "header" | "query", message: string) =>
  new SignatureError(
    by === "header" ? "AuthorizationHeaderMalformed" : "AuthorizationQueryParametersError",
    message,
  );

function partsOf(headers: Map<string, string>, query: [string, string][]): Parts {
  const authorization = headers.get("authorization");
  if (authorization !== undefined && has(query, "X-Amz-Signature")) {
    throw malformed(
      "header",
      "Only one of the Authorization header and the signed query is allowed.",
    );
  }
  if (authorization !== undefined) return headerParts(authorization, headers);
  if (has(query, "X-Amz-Signature") || has(query, "X-Amz-Algorithm")) return queryParts(query);
  throw new SignatureError("AccessDenied", "Access Denied");
}

function headerParts(authorization: string, headers: Map<string, string>): Parts {
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+?)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  const time = headers.get("x-amz-date") ?? "";
  if (!match) throw malformed("header", "The authorization header is malformed.");
  const [, accessKeyId = "", scope = "", signed = "", signature = ""] = match;
  return { by: "header", accessKeyId, scope, signedHeaders: signed.split(";"), signature, time };
}

function queryParts(query: [string, string][]): Parts {
  const read = (name: string) => {
    const value = first(query, name);
    if (!value) throw malformed("query", `The query parameter ${name} is missing.`);
    return value;
  };
  if (read("X-Amz-Algorithm") !== ALGORITHM) {
    throw malformed("query", `X-Amz-Algorithm only supports "${ALGORITHM}".`);
  }
  const [accessKeyId = "", ...scope] = read("X-Amz-Credential").split("/");
  return {
    by: "query",
    accessKeyId,
    scope: scope.join("/"),
    signedHeaders: read("X-Amz-SignedHeaders").split(";"),
    signature: read("X-Amz-Signature"),
    time: read("X-Amz-Date"),
  };
}

function checkTime(parts: Parts, query: [string, string][], now: number): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(parts.time);
  if (!match) {
    throw new SignatureError(
      "AccessDenied",
      "AWS authentication requires a valid Date or x-amz-date header",
    );
  }
  const [, year, month, day, hour, minute, second] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A function: an error that is not thrown costs its stack, in every request.
  const skewed = () =>
    new SignatureError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  if (Number.isNaN(signedAt)) throw skewed();
  if (parts.by === "header") {
    if (Math.abs(now - signedAt) > SKEW_MS) throw skewed();
    return;
  }
  const text = first(query, "X-Amz-Expires") ?? "";
  const expires = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (expires < 1 || expires > MAX_EXPIRES_SECONDS) {
    throw malformed("query", `X-Amz-Expires must be 1 to ${MAX_EXPIRES_SECONDS} seconds.`);
  }
  if (signedAt - now > SKEW_MS)
    throw new SignatureError("AccessDenied", "Request is not yet valid");
  if (now > signedAt + expires * 1000) {
    throw new SignatureError("AccessDenied", "Request has expired");
  }
}

/** The host must be signed, and for S3 every x-amz-* header too: nobody adds one to another's address. */
function checkSignedHeaders(parts: Parts, headers: Map<string, string>, service: string): void {
  const signed = new Set(parts.signedHeaders);
  const sorted = parts.signedHeaders.toSorted();
  if (sorted.some((name, at) => name !== parts.signedHeaders[at] || name !== name.toLowerCase())) {
    throw malformed(parts.by, "The signed headers must be lower-case and sorted.");
  }
  const loose = [...headers.keys()].filter(
    (name) =>
      !signed.has(name) && (name === "host" || (service === "s3" && name.startsWith("x-amz-"))),
  );
  if (loose.length > 0) {
    throw new SignatureError(
      "AccessDenied",
      `There were headers present in the request which were not signed: ${loose.join(", ")}`,
    );
  }
}

function payloadHashOf(
  parts: Parts,
  headers: Map<string, string>,
  query: [string, string][],
  options: VerifyOptions,
): string {
  if (options.service !== "s3") return sha256Hex(options.body ?? "");
  const stated =
    headers.get("x-amz-content-sha256") ??
    (parts.by === "query" ? first(query, "X-Amz-Content-Sha256") : undefined);
  if (stated !== undefined) return stated;
  if (parts.by === "query") return "UNSIGNED-PAYLOAD";
  throw new SignatureError(
    "InvalidRequest",
    "Missing required header for this request: x-amz-content-sha256",
  );
}

/** S3 signs the path once encoded and as it is; the others normalise it and encode it twice. */
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

function canonicalQuery(query: [string, string][]): string {
  return query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, av], [b, bv]) => (a < b ? -1 : a > b ? 1 : av < bv ? -1 : av > bv ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
