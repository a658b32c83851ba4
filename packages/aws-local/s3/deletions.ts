/** Deletes blobs with a commit. The commit stores their names, so that the next start completes the deletion. */
import type { Blobs } from "./blobs.ts";
import type { Services } from "./context.ts";
import type { ObjectRow } from "./rows.ts";
import type { Transaction } from "./store.ts";

/**
 * How long the names of deleted blobs are kept. A power cut may bring back a file whose deletion had not reached
 * the disk; without its name, it would count as a file whose row was lost.
 */
const KEEP_MS = 600_000;

export const blobsOf = ({ pieces }: Pick<ObjectRow, "pieces">) => pieces.map(({ blob }) => blob);

/** Deletes blobs once the commit is on the disk. A blob that is being read is deleted after its last reader. */
export function deleteAfterCommit(transaction: Transaction, blobs: Blobs, ids: string[]): void {
  if (ids.length === 0) return;
  transaction.put("gone", transaction.nextSequence(), { blobs: ids });
  // If this fails, forgetDeletions tries again.
  transaction.afterCommit(() => void blobs.remove(ids).catch(() => {}));
}

/** Completes the deletions that a crash interrupted. */
export async function finishDeletions({ store, blobs }: Pick<Services, "store" | "blobs">) {
  for await (const [, row] of store.scan("gone")) await blobs.remove(row.blobs);
}

export async function forgetDeletions(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  now: number,
): Promise<void> {
  for await (const [sequence, row] of store.scan("gone")) {
    // A sequence number has the milliseconds above its low 20 bits; see store.ts.
    if (Number(BigInt(`0x${sequence}`) >> 20n) + KEEP_MS > now) continue;
    await blobs.remove(row.blobs);
    await store.removeUnsynced("gone", sequence);
  }
}
