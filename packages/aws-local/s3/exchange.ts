/** One request with its answer, and what its handlers share. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../wire/read-body.ts";
import type { Verified } from "../wire/signature.ts";
import type { Blobs } from "./blobs.ts";
import type { BucketConfig } from "./config.ts";
import type { Conflicts } from "./conflicts.ts";
import type { Damage } from "./damage.ts";
import { S3Error } from "./errors.ts";
import type { Notifications } from "./notifications.ts";
import type { Store } from "./store.ts";
import { type Content, document } from "./xml.ts";

export interface Services {
  region: string;
  buckets: BucketConfig[];
  store: Store;
  blobs: Blobs;
  notifications: Notifications;
  /** Receives what is wrong with an object's bytes. */
  report(damage: Damage): void;
  conflicts: Conflicts;
}

export interface Exchange extends Services {
  request: IncomingMessage;
  response: ServerResponse;
  verified: Verified;
  query: Map<string, string>;
  /** Tells a client that waits for it (Expect: 100-continue) to send its body. */
  proceed(): void;
}
export interface BucketExchange extends Exchange {
  bucket: BucketConfig;
}
export interface ObjectExchange extends BucketExchange {
  key: string;
}
/** One that changes nothing, whoever has let it in. */
export type ReadExchange = Omit<ObjectExchange, "verified" | "proceed">;
/** What of a request says how it is meant. */
type Asked = Pick<Exchange, "request" | "query">;

/** A request header, or the x-amz-* parameter that a presigned address carries in its place. */
export function parameter(exchange: Asked, name: string): string | undefined {
  const value = exchange.request.headers[name];
  if (value !== undefined) return Array.isArray(value) ? value.join(",") : value;
  if (!name.startsWith("x-amz-")) return undefined;
  for (const [is, text] of exchange.query) if (is.toLowerCase() === name) return text;
  return undefined;
}

/** All x-amz-* names of a request that begin with `prefix`, with their values. */
export function parameters(exchange: Exchange, prefix: string): [name: string, value: string][] {
  const names = [...Object.keys(exchange.request.headers), ...exchange.query.keys()]
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith(prefix));
  return [...new Set(names)].map((name) => [name, parameter(exchange, name) ?? ""]);
}

/** A whole number out of the query. @throws S3Error InvalidArgument */
export function integer(
  exchange: Asked,
  name: string,
  { min, max, otherwise }: { min: number; max: number; otherwise?: number },
): number {
  const text = exchange.query.get(name);
  if (text === undefined && otherwise !== undefined) return otherwise;
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new S3Error("InvalidArgument", `${name} must be an integer from ${min} to ${max}`, {
      ArgumentName: name,
      ArgumentValue: text ?? "",
    });
  }
  return value;
}

export function reply(
  { response }: Pick<Exchange, "response">,
  status: number,
  headers: Record<string, string | number> = {},
): void {
  response.writeHead(
    status,
    status === 204 || status === 304 ? headers : { ...headers, "content-length": 0 },
  );
  response.end();
}

export function replyXml(
  { response }: Pick<Exchange, "response">,
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

/** Reads a small body whole. @throws S3Error MalformedXML over `maxBytes` */
export async function readText(exchange: Exchange, maxBytes: number): Promise<Buffer> {
  exchange.proceed();
  const body = await readBody(exchange.request, maxBytes);
  if (body) return body;
  throw new S3Error("MalformedXML", `The XML you provided is larger than ${maxBytes} bytes.`);
}
