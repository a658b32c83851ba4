/** What the handler of a request receives, and how it reads parameters and responds. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ACCOUNT_ID } from "../wire/account.ts";
import { readBody } from "../wire/read-body.ts";
import type { Verified } from "../wire/signature.ts";
import { sha256Hex } from "../wire/signing-key.ts";
import type { AccessKey } from "./access-key.ts";
import type { Blobs } from "./blobs.ts";
import type { ConditionalWrites } from "./conditional-write.ts";
import type { BucketConfig } from "./config.ts";
import type { Damage } from "./damage.ts";
import { notImplemented, S3Error } from "./errors.ts";
import type { Notifications } from "./notifications.ts";
import type { Store } from "./store.ts";
import { type Content, document } from "./xml.ts";

/** Who owns all buckets, objects and uploads. */
export const OWNER = { ID: ACCOUNT_ID, DisplayName: "rushes" };

/** What all requests share. */
export interface Services {
  region: string;
  buckets: BucketConfig[];
  store: Store;
  blobs: Blobs;
  notifications: Notifications;
  /** Reports damaged bytes of an object. */
  report(damage: Damage): void;
  conditionalWrites: ConditionalWrites;
}

export interface Context extends Services {
  request: IncomingMessage;
  response: ServerResponse;
  verified: Verified;
  /** The person's key that signed the request. Undefined for the stack's own key. */
  accessKey?: AccessKey | undefined;
  query: Map<string, string>;
  /** Sends 100 Continue to a client that waits for it before it sends its body. */
  sendContinue(): void;
}
export interface BucketContext extends Context {
  bucket: BucketConfig;
}
export interface ObjectContext extends BucketContext {
  key: string;
}
/** For reads, which may be authorized in another way than by a signature. */
export type ReadContext = Omit<ObjectContext, "verified" | "sendContinue">;
type RequestParameters = Pick<Context, "request" | "query">;

/** A request header, or the x-amz-* query parameter that replaces it in a presigned URL. */
export function parameter(context: RequestParameters, name: string): string | undefined {
  const value = context.request.headers[name];
  if (value !== undefined) return Array.isArray(value) ? value.join(",") : value;
  if (!name.startsWith("x-amz-")) return undefined;
  for (const [is, text] of context.query) if (is.toLowerCase() === name) return text;
  return undefined;
}

/** All x-amz-* parameters whose names begin with `prefix`. */
export function parameters(context: Context, prefix: string): [name: string, value: string][] {
  const names = [...Object.keys(context.request.headers), ...context.query.keys()]
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith(prefix));
  return [...new Set(names)].map((name) => [name, parameter(context, name) ?? ""]);
}

/** An integer from the query. @throws S3Error InvalidArgument */
export function integer(
  context: RequestParameters,
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback?: number },
): number {
  const text = context.query.get(name);
  if (text === undefined && fallback !== undefined) return fallback;
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new S3Error("InvalidArgument", `${name} must be an integer from ${min} to ${max}`, {
      ArgumentName: name,
      ArgumentValue: text ?? "",
    });
  }
  return value;
}

export function respond(
  { response }: Pick<Context, "response">,
  status: number,
  headers: Record<string, string | number> = {},
): void {
  response.writeHead(
    status,
    status === 204 || status === 304 ? headers : { ...headers, "content-length": 0 },
  );
  response.end();
}

export function respondXml(
  { response }: Pick<Context, "response">,
  root: string,
  content: Content,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(document(root, content));
  response.writeHead(200, {
    ...headers,
    "content-type": "application/xml",
    "content-length": body.length,
  });
  response.end(body);
}

/** A client may take as long for a small body. Bodies of objects have no such limit. */
const SMALL_BODY_MS = 60_000;

/**
 * Reads a small body into memory, and compares it with the hash that the request signed.
 *
 * @throws S3Error MalformedXML over `maxBytes`, RequestTimeout, XAmzContentSHA256Mismatch
 */
export async function readText(
  context: Context,
  maxBytes: number,
  limitMs = SMALL_BODY_MS,
): Promise<Buffer> {
  context.sendContinue();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(timedOut()), limitMs);
  try {
    const body = await Promise.race([readBody(context.request, maxBytes), late.promise]);
    if (!body) {
      throw new S3Error("MalformedXML", `The XML you provided is larger than ${maxBytes} bytes.`);
    }
    assertSigned(context, body);
    return body;
  } finally {
    clearTimeout(timer);
  }
}

const timedOut = () =>
  new S3Error(
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
  );

function assertSigned({ verified: { payloadHash } }: Context, body: Buffer): void {
  if (payloadHash === "UNSIGNED-PAYLOAD" || payloadHash === sha256Hex(body)) return;
  if (!/^[0-9a-f]{64}$/.test(payloadHash)) throw notImplemented(payloadHash);
  throw new S3Error(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
