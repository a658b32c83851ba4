import { createHash } from "node:crypto";
import { encodeTime } from "ulid";

/** Crockford's alphabet, as in ULIDs. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID of this time, in milliseconds, whose random part is always the same for the same value. */
export function derivedUlid(time: number, of: unknown): string {
  // Five bits per character, from a digest that is longer than the 16 characters need.
  const random = [...digest(of).subarray(0, 16)].map((byte) => ALPHABET[byte % 32]).join("");
  return `${encodeTime(time)}${random}`;
}

export const digest = (value: unknown): Buffer =>
  createHash("sha256").update(JSON.stringify(value)).digest();
