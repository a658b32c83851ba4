/** The provider's keys. The signing keys are created once and kept. */
import { generateKeyPair, hkdfSync, type JsonWebKey, randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadKeyFile } from "@rushes/aws-local/disk/key-file";
import * as z from "zod";

const Keys = z.object({
  keys: z.array(z.looseObject({ kty: z.literal("RSA"), d: z.string() })).min(1),
});

/** The signing keys of a folder. Creates them if it has none. */
export async function signingKeys(dataDir: string): Promise<{ keys: JsonWebKey[] }> {
  return loadKeyFile(join(dataDir, "keys.json"), Keys, {
    create: createKeys,
    loss: "everyone must sign in again; accounts and videos stay",
  });
}

async function createKeys(): Promise<z.infer<typeof Keys>> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const jwk = privateKey.export({ format: "jwk" });
  return Keys.parse({ keys: [{ ...jwk, kid: randomUUID(), use: "sig", alg: "RS256" }] });
}

/** Derives a key for one purpose from RUSHES_SECRET. */
export const deriveKey = (secret: string, purpose: "identity-cookies" | "identity-device") =>
  Buffer.from(hkdfSync("sha256", secret, "rushes", purpose, 32)).toString("base64url");
