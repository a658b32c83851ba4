/**
 * What each owner uses, in one row. It is exact because every change to it is written in one transaction with its
 * cause, whose condition holds only once. After a crash or a repeated event, either both are written or neither.
 */
import * as z from "zod";
import * as Actor from "../actor.ts";
import type { Code } from "../error.ts";
import { formatBytes } from "../format.ts";
import { resource } from "../resource.ts";
import * as Table from "../table/index.ts";
import type { Info } from "./schema.ts";

export { Info } from "./schema.ts";

/** What is used, or a change to it. */
export interface Amount {
  openUploads: number;
  bytes: number;
}

/** Why a file gets no upload. */
export interface FileError {
  code: Code;
  message: string;
}

/** What existed before usage was counted was never added, and is still subtracted when it is deleted. */
const count = z
  .number()
  .int()
  .default(0)
  .transform((counted) => Math.max(0, counted));
const Row = z.object({ openUploads: count, bytes: count });

/** What the caller uses, and the quota. */
export async function info(): Promise<Info> {
  const { ownerId } = Actor.owner("read");
  const { maxOpenUploads, maxOwnerBytes } = resource().Settings;
  const [used, reservedBytes] = await Promise.all([read(ownerId), reserved(ownerId)]);
  return { ...used, reservedBytes, maxOpenUploads, maxBytes: maxOwnerBytes };
}

const Sized = z.object({ sizeBytes: z.number() });

/** The bytes that open uploads reserve. Reads as many rows as one owner may have open uploads. */
async function reserved(ownerId: string): Promise<number> {
  const pages = await Promise.all(
    ["open", "completing"].map((status) =>
      Table.queryAll({
        index: "owner",
        partition: Table.index.ownerUploads(ownerId, status, "").ownerPk,
      }),
    ),
  );
  return pages.flat().reduce((sum, row) => sum + Sized.parse(row).sizeBytes, 0);
}

/** What an owner uses, after every acknowledged write. */
export async function read(ownerId: string): Promise<Amount> {
  return Row.parse((await Table.get(Table.key.usage(ownerId))) ?? {});
}

/** A change that always succeeds, for the transaction of its cause. */
export function write(ownerId: string, by: Amount): Table.Write {
  return { Update: Table.update({ key: Table.key.usage(ownerId), add: { ...by } }) };
}

/** The same for new uploads. The whole transaction fails if they do not fit into the quota. */
export function reserve(ownerId: string, by: Amount): Table.Write {
  const { maxOpenUploads, maxOwnerBytes } = resource().Settings;
  const fits = (name: string) => `(attribute_not_exists(#${name}) OR #${name} <= :${name})`;
  const limited = maxOwnerBytes > 0;
  return {
    Update: Table.update({
      key: Table.key.usage(ownerId),
      add: { ...by },
      condition: [fits("openUploads"), ...(limited ? [fits("bytes")] : [])].join(" AND "),
      values: {
        ":openUploads": maxOpenUploads - by.openUploads,
        ...(limited && { ":bytes": maxOwnerBytes - by.bytes }),
      },
    }),
  };
}

/** Why an upload of this size does not fit into the remaining quota. Undefined if it fits. */
export function quotaError(used: Amount, sizeBytes: number): FileError | undefined {
  const { maxOpenUploads: most, maxOwnerBytes } = resource().Settings;
  if (used.openUploads >= most) {
    const many = most === 1 ? "One upload is" : `${most} uploads are`;
    const message = `${many} open, as many as you may have at once. Let one end or cancel one, then try again.`;
    return { code: "quota.uploads", message };
  }
  if (maxOwnerBytes === 0 || used.bytes + sizeBytes <= maxOwnerBytes) return undefined;
  const [all, free] = [maxOwnerBytes, Math.max(0, maxOwnerBytes - used.bytes)].map(formatBytes);
  const message = `This file is ${formatBytes(sizeBytes)}, but only ${free} of your ${all} are free. Delete videos that you no longer need, then try again.`;
  return { code: "quota.bytes", message };
}
