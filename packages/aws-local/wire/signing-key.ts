/** The hashes of AWS Signature Version 4, and the key that signs. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export const sha256Hex = (data: string | Uint8Array) =>
  createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) =>
  createHmac("sha256", key).update(data).digest();
export const hmacHex = (key: Buffer, data: string) => hmac(key, data).toString("hex");

/** Compares two signatures in constant time. */
export function isSameSignature(left: string, right: string): boolean {
  const a = Buffer.from(left, "latin1");
  const b = Buffer.from(right, "latin1");
  return a.length === b.length && timingSafeEqual(a, b);
}

/** One key for each service and day. Deriving a key takes four HMACs, too much for every request. */
const cache = new Map<string, Buffer>();
const MAX_CACHED = 64;

/** The signing key of a service for a date (`YYYYMMDD`). */
export function signingKey(
  { secretAccessKey }: Credentials,
  scope: { date: string; region: string; service: string },
): Buffer {
  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const name = [secretAccessKey, ...parts].join("\n");
  const cached = cache.get(name);
  if (cached) return cached;
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of parts) key = hmac(key, part);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(name, key);
  return key;
}
