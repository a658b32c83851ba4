import { createHash } from "node:crypto";
import { VisibleError } from "../error.ts";
import * as Table from "../table/index.ts";
import { Info } from "./schema.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The owner id of an account: `own_` and 26 characters of a hash, so that the same account has the same id in every
 * table, and a long issuer name does not make long keys.
 */
export function ownerIdOf(issuer: string, subject: string): string {
  // As JSON, so that no two pairs result in the same text.
  const digest = createHash("sha256")
    .update(JSON.stringify([issuer, subject]))
    .digest();
  let bits = BigInt(`0x${digest.subarray(0, 17).toString("hex")}`) >> 6n;
  let text = "";
  for (let at = 0; at < 26; at += 1) {
    text = `${ALPHABET[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return `own_${text}`;
}

/** The current user of this id. Undefined for the local user. */
export async function read(ownerId: string): Promise<Info | undefined> {
  const row = await Table.get(Table.key.user(ownerId));
  return row && Info.parse(row);
}

export const disabled = () =>
  new VisibleError(
    "forbidden",
    "user.disabled",
    "This account is disabled. Ask an admin to enable it.",
  );

export const notFound = () =>
  new VisibleError("not_found", "user.not_found", "There is no such user.");

export const self = (message: string) => new VisibleError("conflict", "user.self", message);
