/**
 * Access keys of the local stack: with one, an S3 tool lists the uploads bucket and puts footage into it, which belongs
 * to the key's owner. On AWS, IAM makes such keys.
 */
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { resource } from "../resource.ts";
import * as Table from "../table/index.ts";
import { disabled, notFound, read as readUser } from "../user/row.ts";
import { type AccessKeyId, type Created, Info, type New } from "./schema.ts";
import { newId, secretOf } from "./secret.ts";

export { AccessKeyId, Created, Info, New } from "./schema.ts";

/** One for each machine or tool. More suggests a program that creates keys and forgets them. */
const MOST = 20;

/**
 * Creates an access key of a user. Only this response contains the secret. Throws `key.unsupported` on AWS,
 * `user.not_found`, `user.disabled` and `key.too_many`. That count may be exceeded by simultaneous calls.
 */
export async function create(input: New): Promise<Created> {
  const actor = Actor.admin("keys");
  const endpoint = endpointOf();
  const { ownerId = actor.ownerId, name } = input;
  const ownerEmail = ownerId === actor.ownerId ? actor.email : await emailOf(ownerId);
  if ((await all()).filter((key) => key.ownerId === ownerId).length >= MOST) {
    const message = `This user has the maximum of ${MOST} access keys. Revoke one first.`;
    throw new VisibleError("conflict", "key.too_many", message);
  }
  const id = newId();
  const created = new Date().toISOString();
  const key: Info = { id, name, ownerId, ownerEmail, time: { created } };
  await Table.transact([
    Table.put(
      { ...Table.key.accessKey(id), ...key, ...Table.index.accessKeys(created, id) },
      "attribute_not_exists(pk)",
    ),
    Audit.write({ action: "key.created", target: id, detail: { owner: ownerId } }),
  ]);
  return { key, secret: secretOf(id), endpoint, bucket: resource().Uploads.name };
}

/** All access keys, newest first. Throws `key.unsupported` on AWS. */
export async function list(): Promise<Info[]> {
  Actor.admin("keys");
  endpointOf();
  return all();
}

/** Revokes an access key. S3 rejects it within seconds. Throws `key.unsupported` on AWS, and `key.not_found`. */
export async function remove(id: AccessKeyId): Promise<void> {
  Actor.admin("keys");
  endpointOf();
  const removed = await Table.transact([
    {
      Delete: {
        TableName: Table.tableName(),
        Key: Table.key.accessKey(id),
        ConditionExpression: "attribute_exists(pk)",
      },
    },
    Audit.write({ action: "key.revoked", target: id }),
  ]);
  if (!removed)
    throw new VisibleError("not_found", "key.not_found", "There is no such access key.");
}

/** Where tools reach S3. */
function endpointOf(): string {
  const { toolsUrl } = resource().Settings;
  if (toolsUrl !== undefined) return toolsUrl;
  const message =
    "This bucket is Amazon S3. Create an IAM identity with the policy in docs/footage.md instead.";
  throw new VisibleError("conflict", "key.unsupported", message);
}

async function emailOf(ownerId: string): Promise<string> {
  const { defaultOwnerId, defaultOwnerEmail } = resource().Settings;
  if (ownerId === defaultOwnerId) return defaultOwnerEmail;
  const user = await readUser(ownerId);
  if (!user) throw notFound();
  if (user.disabled) throw disabled();
  return user.email;
}

async function all(): Promise<Info[]> {
  const { ownerPk } = Table.index.accessKeys("", "");
  const rows = await Table.queryAll({ index: "owner", partition: ownerPk, newestFirst: true });
  return rows.map((row) => Info.parse(row));
}
