/** Checks the buckets' files while nothing uses them, and changes nothing. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeRow } from "../level/encoding.ts";
import { salvage } from "../level/examine.ts";
import { damageOf } from "./bytes.ts";
import { sentenceOf } from "./damage.ts";
import { blobsOf } from "./gone.ts";
import type { DeletionRow, ObjectRow, PartRow } from "./store.ts";

export interface Buckets {
  /** By `bucket\0key`. */
  objects: Map<string, ObjectRow>;
  bytes: number;
  /** What is wrong, a sentence each. */
  problems: string[];
  /** What the next start clears away by itself. */
  notes: string[];
}

/** Reads every byte of every object. `onBytes` is called as they are read. */
export async function verifyBuckets(
  dataDir: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<Buckets> {
  const folder = join(dataDir, "blobs");
  const { objects, parts, gone } = await rowsOf(join(dataDir, "rows"));
  const found: Buckets = { objects, bytes: 0, problems: [], notes: [] };
  const names = new Set(await readdir(folder).catch(() => []));
  const reading = {
    pathOf: (blob: string) => join(folder, blob),
    pace: async (bytes: number) => {
      found.bytes += bytes;
      onBytes(bytes);
    },
  };
  const owned = new Set<string>();
  let undescribed = 0;
  for (const [name, row] of objects) {
    const [bucket = "", ...key] = name.split("\0");
    for (const blob of blobsOf(row)) owned.add(blob);
    const damage = await damageOf(reading, row);
    found.problems.push(
      ...damage.map((one) => sentenceOf({ bucket, key: key.join("\0"), ...one })),
    );
    const [first] = row.pieces;
    if (first && !names.has(`${first.blob}.json`)) undescribed += 1;
  }
  for (const part of parts.filter(({ blob }) => blob !== "")) {
    owned.add(part.blob);
    const damage = await damageOf(reading, { pieces: [part], etag: part.etag });
    const what = `A part of an open upload is damaged: its file s3/blobs/${part.blob}`;
    found.problems.push(...damage.map(({ kind }) => `${what} is ${kind}. Upload it again.`));
  }
  for (const { blobs } of gone) for (const blob of blobs) owned.add(blob);
  const orphans = [...names].filter((name) => !name.includes(".") && !owned.has(name));
  if (orphans.length > 0) {
    found.notes.push(`${orphans.length} files in s3/blobs belong to no object; see docs/data.md.`);
  }
  if (undescribed > 0) {
    found.notes.push(
      `${undescribed} objects have no file beside them yet; the next start writes it.`,
    );
  }
  return found;
}

/** The rows, read without opening the database, which would change it. */
async function rowsOf(folder: string) {
  const objects = new Map<string, ObjectRow>();
  const parts: PartRow[] = [];
  const gone: DeletionRow[] = [];
  for (const { key, value } of (await salvage(folder)).values()) {
    const [kind, ...rest] = key.toString("utf8").split("\0");
    const text = value.toString("utf8");
    if (kind === "object") objects.set(rest.join("\0"), decodeRow<ObjectRow>(text));
    if (kind === "part") parts.push(decodeRow<PartRow>(text));
    if (kind === "gone") gone.push(decodeRow<DeletionRow>(text));
  }
  return { objects, parts, gone };
}
