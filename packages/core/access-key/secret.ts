import { createHmac, randomInt } from "node:crypto";
import { keyFor } from "../secret.ts";
import { AccessKeyId } from "./schema.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function newId(): AccessKeyId {
  const random = Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return AccessKeyId.parse(`RSHK${random}`);
}

/**
 * The secret of an access key: a MAC of its ID. S3 needs the secret itself to verify a signature, so a hash would not
 * do, and this way nothing in the table opens a bucket. With another secret of the app, all keys stop working.
 */
export function secretOf(id: AccessKeyId, appSecret?: string): string {
  return createHmac("sha256", keyFor("access-key", appSecret)).update(id).digest("base64url");
}
