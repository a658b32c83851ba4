/** Compares the bytes of an object with the hashes that were stored with it. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Damage } from "./damage.ts";
import type { Extent, ObjectRow } from "./rows.ts";

const READ_BYTES = 1024 * 1024;
const EMPTY_MD5 = createHash("md5").digest();

interface ReadOptions {
  pathOf(blob: string): string;
  /** Called with the size of each chunk; the next read waits for it. */
  throttle?(bytes: number): Promise<void>;
}

type DamagedExtent = Pick<Damage, "blob" | "kind">;

/** Reads all bytes of an object and returns its damaged pieces. */
export async function findDamage(
  options: ReadOptions,
  { pieces, etag }: Pick<ObjectRow, "pieces" | "etag">,
): Promise<DamagedExtent[]> {
  const found: DamagedExtent[] = [];
  const digests: Buffer[] = [];
  const isComposite = etag.includes("-");
  for (const extent of pieces) {
    const digest = await digestOf(options, extent);
    if (typeof digest === "string") {
      found.push({ blob: extent.blob, kind: digest });
      continue;
    }
    digests.push(digest);
    const expected = extent.md5 ?? (isComposite ? undefined : etag);
    if (expected !== undefined && digest.toString("hex") !== expected) {
      found.push({ blob: extent.blob, kind: "altered" });
    }
  }
  const isWhole = digests.length === pieces.length && found.length === 0;
  if (!isWhole || !isComposite || pieces.every(({ md5 }) => md5 !== undefined)) return found;
  // Older versions kept the parts' hashes only in the ETag. An empty last part has no extent.
  const [first] = pieces;
  const matches = [digests, [...digests, EMPTY_MD5]].some((all) => compositeOf(all) === etag);
  return matches || !first ? [] : [{ blob: first.blob, kind: "altered" }];
}

async function digestOf(
  { pathOf, throttle }: ReadOptions,
  { blob, sizeBytes }: Extent,
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
    await throttle?.(chunk.length);
  }
  return hash.digest();
}

function compositeOf(digests: Buffer[]): string {
  const hash = createHash("md5");
  for (const digest of digests) hash.update(digest);
  return `${hash.digest("hex")}-${digests.length}`;
}
