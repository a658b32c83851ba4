/** How the local S3 finds the access key that signed a request, with a database client of its own. */
import * as z from "zod";
import { key } from "../table/keys.ts";
import { Info as User } from "../user/schema.ts";
import { AccessKeyId, Info } from "./schema.ts";
import { secretOf } from "./secret.ts";

export interface Source {
  /** Reads a row of the table by its primary key. */
  get(key: { pk: string; sk: string }): Promise<Record<string, unknown> | undefined>;
  /** The secret of the app. */
  secret: string;
}

const Row = Info.pick({ id: true, ownerId: true });
const Owner = z.object({ disabled: User.shape.disabled });

/** The owner and the secret of a key. Undefined if it does not exist, was revoked, or its owner is disabled. */
export async function find(
  accessKeyId: string,
  { get, secret }: Source,
): Promise<{ ownerId: string; secretAccessKey: string } | undefined> {
  const id = AccessKeyId.safeParse(accessKeyId);
  const found = id.success ? await get(key.accessKey(id.data)) : undefined;
  if (!found) return undefined;
  const row = Row.parse(found);
  // The local user has no row.
  const owner = await get(key.user(row.ownerId));
  if (owner && Owner.parse(owner).disabled) return undefined;
  return { ownerId: row.ownerId, secretAccessKey: secretOf(row.id, secret) };
}
