/** Blobs that are deleted with a commit. The commit names them, so that a start after a crash goes on with it. */

import type { Blobs } from "./blobs.ts";
import type { Services } from "./exchange.ts";
import type { ObjectRow, Transaction } from "./store.ts";

/**
 * Names of deleted blobs are kept for so long: a power cut may bring back a file whose deletion had not reached
 * the disk, and without its name it would count as one whose row was lost.
 */
const KEPT_MS = 600_000;

export const blobsOf = ({ pieces }: Pick<ObjectRow, "pieces">) => pieces.map(({ blob }) => blob);

/** Deletes blobs once the commit is on the disk; those that are being read go after their last reader. */
export function letGo(transaction: Transaction, blobs: Blobs, ids: string[]): void {
  if (ids.length === 0) return;
  transaction.put("gone", transaction.nextSequence(), { blobs: ids });
  // One that cannot be deleted now is deleted later, by its name.
  transaction.afterCommit(() => void blobs.remove(ids).catch(() => {}));
}

/** Finishes what a crash cut off. */
export async function removeGone({ store, blobs }: Pick<Services, "store" | "blobs">) {
  for await (const [, row] of store.scan("gone")) await blobs.remove(row.blobs);
}

export async function forgetGone({ store, blobs }: Pick<Services, "store" | "blobs">, now: number) {
  for await (const [sequence, row] of store.scan("gone")) {
    // A sequence has the milliseconds above 20 bits; see store.ts.
    if (Number(BigInt(`0x${sequence}`) >> 20n) + KEPT_MS > now) continue;
    await blobs.remove(row.blobs);
    await store.removeUnsynced("gone", sequence);
  }
}
