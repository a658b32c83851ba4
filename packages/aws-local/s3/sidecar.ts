/**
 * A file beside each blob with enough metadata to restore its row if the database is damaged. A sidecar is written
 * after its row is on the disk and before the response, and it is deleted before its blob: a blob with a sidecar
 * and without a row is one whose row was lost. Sidecars are not synced. A power cut may lose the last ones, whose
 * rows are on the disk; the next start writes them again.
 */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { parseChecksummed, stringifyChecksummed } from "../disk/checksummed.ts";
import type { Blobs } from "./blobs.ts";
import { ObjectRow, PartRow, UploadRow } from "./rows.ts";
import type { Transaction } from "./store.ts";

const Key = { bucket: z.string(), key: z.string() };

const Sidecar = z.discriminatedUnion("kind", [
  /** Beside the object's first blob. */
  z.object({ kind: z.literal("object"), ...Key, row: ObjectRow }),
  /** Beside a part's blob; it stays when the part becomes an extent of an object. */
  z.object({
    kind: z.literal("part"),
    ...Key,
    uploadId: z.string(),
    upload: UploadRow,
    row: PartRow,
  }),
]);
export type Sidecar = z.infer<typeof Sidecar>;

interface ObjectId {
  bucket: string;
  key: string;
}

export const objectSidecar = ({ bucket, key }: ObjectId, row: ObjectRow): Sidecar => ({
  kind: "object",
  bucket,
  key,
  row,
});

export const partSidecar = (uploadId: string, upload: UploadRow, row: PartRow): Sidecar => ({
  kind: "part",
  bucket: upload.bucket,
  key: upload.key,
  uploadId,
  upload,
  row,
});

/** The blob that the sidecar belongs to; none for an object without bytes. */
const blobOf = (sidecar: Sidecar): string | undefined =>
  (sidecar.kind === "object" ? sidecar.row.pieces[0]?.blob : sidecar.row.blob) || undefined;

export async function writeSidecar(blobs: Blobs, sidecar: Sidecar): Promise<void> {
  const blob = blobOf(sidecar);
  if (blob !== undefined) await blobs.writeSidecar(blob, stringifyChecksummed(sidecar));
}

/** Writes a sidecar after the commit. A full disk does not fail a commit that is on the disk. */
export function writeSidecarAfterCommit(
  transaction: Transaction,
  blobs: Blobs,
  sidecar: Sidecar,
): void {
  transaction.afterCommit(() => writeSidecar(blobs, sidecar).catch(() => {}));
}

/** A blob's sidecar; undefined if it is missing or damaged. */
export async function readSidecar(blobs: Blobs, blob: string): Promise<Sidecar | undefined> {
  try {
    return parseChecksummed(await readFile(blobs.sidecarOf(blob), "utf8"), Sidecar).content;
  } catch {
    return undefined;
  }
}
