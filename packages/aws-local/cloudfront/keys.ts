/** The keys that sign the URLs of renditions: created once, stored in the data folder. */
import { createPublicKey, generateKeyPair, randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { loadKeyFile } from "../disk/key-file.ts";
import type { TrustedKeys } from "./signature.ts";

const File = z.object({
  /** The first key signs; all are trusted. */
  keys: z.array(z.object({ id: z.string().min(1), privateKey: z.string().min(1) })).min(1),
});

export interface MediaKeys {
  keyPairId: string;
  /** PEM. */
  privateKey: string;
  trusted: TrustedKeys;
}

/** Loads the keys of this folder, or creates the first one. */
export async function loadMediaKeys(dataDir: string): Promise<MediaKeys> {
  const file = join(dataDir, "keys.json");
  const { keys } = await loadKeyFile(file, File, {
    create: createKeys,
    loss: "playback links that are open now stop working; videos stay",
  });
  const [signer] = keys;
  if (!signer) throw new Error(`${file} holds no key.`);
  const trusted = keys.map(({ id, privateKey }) => [id, createPublicKey(privateKey)] as const);
  return { keyPairId: signer.id, privateKey: signer.privateKey, trusted: new Map(trusted) };
}

async function createKeys(): Promise<z.infer<typeof File>> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const id = `K${randomBytes(7).toString("hex").toUpperCase()}`;
  return { keys: [{ id, privateKey: pem }] };
}
