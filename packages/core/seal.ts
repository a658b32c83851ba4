/** Texts that only Rushes can read and create, for cookies: encrypted, authenticated, and with an expiry time. */
import { EncryptJWT, jwtDecrypt } from "jose";
import { keyFor, type Purpose } from "./secret.ts";

/** Browsers store no larger cookie. No sealed text is longer. */
const MAX_LENGTH = 4096;

/** Seals values until `expires`. The result must fit into a cookie. */
export async function seal(
  purpose: Purpose,
  values: Record<string, string | number>,
  expires: number,
): Promise<string> {
  return new EncryptJWT(values)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setExpirationTime(Math.ceil(expires / 1000))
    .encrypt(keyFor(purpose));
}

/** The values of a sealed text. Undefined if Rushes did not seal it, it was changed, or it has expired. */
export async function unseal(
  purpose: Purpose,
  text: string,
  now = Date.now(),
): Promise<Record<string, unknown> | undefined> {
  if (text.length > MAX_LENGTH || !text.split(".").every(isCanonical)) return undefined;
  try {
    const { payload } = await jwtDecrypt(text, keyFor(purpose), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      currentDate: new Date(now),
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** The last character of base64 has unused bits. If they differ, Rushes did not create the text. */
const isCanonical = (part: string) => Buffer.from(part, "base64url").toString("base64url") === part;
