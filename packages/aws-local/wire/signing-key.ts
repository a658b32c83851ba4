/** The hashes of AWS Signature Version 4, and the key that signs. */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Node converts a Buffer for each HMAC, which takes seven times as long as the HMAC itself. A KeyObject is ready. */
export type SigningKey = KeyObject | Buffer;

export const sha256Hex = (data: string | Uint8Array) => hash("sha256", data, "hex");
export const hmacHex = (key: SigningKey, data: string) =>
  createHmac("sha256", key).update(data).digest("hex");

/** Compares two signatures in constant time. */
export function isSameSignature(left: string, right: string): boolean {
  const a = Buffer.from(left, "latin1");
  const b = Buffer.from(right, "latin1");
  return a.length === b.length && timingSafeEqual(a, b);
}

/** One key for each service and day. Deriving a key takes four HMACs, too much for every request. */
const cache = new Map<string, KeyObject>();
const MAX_CACHED = 64;

/** The signing key of a service for a date (`YYYYMMDD`). */
export function signingKey(
  { secretAccessKey }: Credentials,
  scope: { date: string; region: string; service: string },
): KeyObject {
  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const name = [secretAccessKey, ...parts].join("\n");
  const cached = cache.get(name);
  if (cached) return cached;
  let derived: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of parts) derived = createHmac("sha256", derived).update(part).digest();
  const key = createSecretKey(derived);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(name, key);
  return key;
}
