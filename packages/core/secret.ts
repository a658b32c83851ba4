import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { resource } from "./resource.ts";

/** What keys are for. A key of one purpose opens nothing of another. */
export type Purpose = "session" | "sign-in" | "share" | "share-pass" | "limit";

/** 32 bytes for one purpose, out of the one secret (HKDF, RFC 5869). */
export function keyFor(purpose: Purpose): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", resource().Secret.value, "rushes", purpose, 32));
}

/** A MAC of 128 bits as 22 characters that an address can carry. */
export function macOf(purpose: Purpose, text: string): string {
  return createHmac("sha256", keyFor(purpose))
    .update(text)
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
