import { randomBytes, scrypt } from "node:crypto";
import * as z from "zod";
import { isSame } from "../secret.ts";

/** A password as the table stores it, with the parameters of its hash, which may increase later. */
export const Hashed = z.object({
  hash: z.string(),
  salt: z.string(),
  cost: z.number().int(),
  blockSize: z.number().int(),
  parallel: z.number().int(),
});
export type Hashed = z.infer<typeof Hashed>;

/** 32 MiB and about a tenth of a second for each guess. */
const COSTS = { cost: 2 ** 15, blockSize: 8, parallel: 1 };

/** Hashes a password with a random salt. */
export async function hash(password: string, costs = COSTS): Promise<Hashed> {
  const salt = randomBytes(16).toString("base64url");
  return { hash: await derive(password, { ...costs, salt }), salt, ...costs };
}

/** True if this is the password. */
export async function matches(password: string, hashed: Hashed): Promise<boolean> {
  return isSame(await derive(password, hashed), hashed.hash);
}

function derive(password: string, given: Omit<Hashed, "hash">): Promise<string> {
  const { salt, cost, blockSize, parallel } = given;
  const options = { N: cost, r: blockSize, p: parallel, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    // Keyboards compose accents in different ways, which look the same.
    scrypt(password.normalize("NFC"), salt, 32, options, (error, key) => {
      if (error) reject(error);
      else resolve(key.toString("base64url"));
    });
  });
}
