/** What the provider signs with: made once, kept for good. */
import { generateKeyPair, hkdfSync, type JsonWebKey, randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadKeyFile } from "@rushes/aws-local/disk/key-file";
import * as z from "zod";

const Keys = z.object({
  keys: z.array(z.looseObject({ kty: z.literal("RSA"), d: z.string() })).min(1),
});

/** The signing keys of this folder, which are made if it has none. */
export async function signingKeys(dataDir: string): Promise<{ keys: JsonWebKey[] }> {
  return loadKeyFile(join(dataDir, "keys.json"), Keys, {
    create: createKeys,
    loss: "everybody has to sign in again; accounts and videos stay",
  });
}

async function createKeys(): Promise<z.infer<typeof Keys>> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const key = {
    ...privateKey.export({ format: "jwk" }),
    kid: randomUUID(),
    use: "sig",
    alg: "RS256",
  };
  return Keys.parse({ keys: [key] });
}

/** A key for one purpose, out of the home's one secret. */
export const keyOf = (secret: string, purpose: "identity-cookies" | "identity-device"): string =>
  Buffer.from(hkdfSync("sha256", secret, "rushes", purpose, 32)).toString("base64url");
