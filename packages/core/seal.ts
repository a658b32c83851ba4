/** Texts that only we can read and make, for cookies: encrypted and authenticated, with an end. */
import { EncryptJWT, jwtDecrypt } from "jose";
import { keyFor, type Purpose } from "./secret.ts";

/** Browsers keep no larger cookie; nothing that we sealed is longer. */
const MAX_LENGTH = 4096;

/** Seals some values until `expires`. They are not to be larger than a cookie. */
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

/** The values of a sealed text; undefined for one that is not ours, was changed, or has ended. */
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

/** The last character of base64 has bits that say nothing: with others it is not what we made. */
const isCanonical = (part: string) => Buffer.from(part, "base64url").toString("base64url") === part;
