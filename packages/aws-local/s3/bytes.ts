/** Whether an object's bytes are those that were stored. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Damage } from "./damage.ts";
import type { ObjectRow, Piece } from "./store.ts";

const READ_BYTES = 1024 * 1024;
const EMPTY_MD5 = createHash("md5").digest();

export interface Reading {
  pathOf(blob: string): string;
  /** Called with the bytes of each chunk; the reading waits for it. */
  pace?(bytes: number): Promise<void>;
}

type Found = Pick<Damage, "blob" | "kind">;

/** Reads all bytes of an object. What is wrong with each damaged piece; empty for nothing. */
export async function damageOf(
  reading: Reading,
  { pieces, etag }: Pick<ObjectRow, "pieces" | "etag">,
): Promise<Found[]> {
  const found: Found[] = [];
  const digests: Buffer[] = [];
  const isComposite = etag.includes("-");
  for (const piece of pieces) {
    const digest = await digestOf(reading, piece);
    if (typeof digest === "string") {
      found.push({ blob: piece.blob, kind: digest });
      continue;
    }
    digests.push(digest);
    const expected = piece.md5 ?? (isComposite ? undefined : etag);
    if (expected !== undefined && digest.toString("hex") !== expected) {
      found.push({ blob: piece.blob, kind: "altered" });
    }
  }
  const isWhole = digests.length === pieces.length && found.length === 0;
  if (!isWhole || !isComposite || pieces.every(({ md5 }) => md5 !== undefined)) return found;
  // Of older versions, which kept the parts' hashes only within the ETag; an empty last part has no piece.
  const [first] = pieces;
  const fits = [digests, [...digests, EMPTY_MD5]].some((all) => compositeOf(all) === etag);
  return fits || !first ? [] : [{ blob: first.blob, kind: "altered" }];
}

async function digestOf(
  { pathOf, pace }: Reading,
  { blob, sizeBytes }: Piece,
): Promise<Buffer | "missing" | "truncated"> {
  const size = await stat(pathOf(blob)).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return "missing";
  if (size !== sizeBytes) return "truncated";
  const hash = createHash("md5");
  for await (const chunk of createReadStream(pathOf(blob), { highWaterMark: READ_BYTES })) {
    hash.update(chunk);
    await pace?.(chunk.length);
  }
  return hash.digest();
}

function compositeOf(digests: Buffer[]): string {
  const hash = createHash("md5");
  for (const digest of digests) hash.update(digest);
  return `${hash.digest("hex")}-${digests.length}`;
}
