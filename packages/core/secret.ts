import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { resource } from "./resource.ts";

/** The purposes of keys. A key of one purpose does not work for another. */
export type Purpose = "session" | "sign-in" | "share" | "share-pass" | "limit" | "access-key";

/** Derives 32 bytes for one purpose from the app's secret (HKDF, RFC 5869). */
export function keyFor(purpose: Purpose, secret = resource().Secret.value): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "rushes", purpose, 32));
}

/** A MAC of 128 bits as 22 characters that are safe in a URL. */
export function macOf(purpose: Purpose, text: string): string {
  return createHmac("sha256", keyFor(purpose))
    .update(text)
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}

/** Compares two texts in constant time, so that timing does not reveal where they differ. */
export function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
