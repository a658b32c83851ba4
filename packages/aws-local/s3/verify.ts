/** Checks the files of the buckets while no server uses them. It changes nothing. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeRow } from "../level/encoding.ts";
import { salvage } from "../level/examine.ts";
import { describeDamage } from "./damage.ts";
import { blobsOf } from "./deletions.ts";
import { findDamage } from "./integrity.ts";
import type { ObjectRow, PartRow } from "./rows.ts";
import { type DeletionRow, parseObjectName } from "./store.ts";

interface VerifiedBuckets {
  /** By `bucket\0key`. */
  objects: Map<string, ObjectRow>;
  bytes: number;
  /** Damage, a sentence each. */
  problems: string[];
  /** What the next start repairs, a sentence each. */
  notes: string[];
}

/** Reads every byte of every object and calls `onBytes` as it reads. */
export async function verifyBuckets(
  dataDir: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<VerifiedBuckets> {
  const folder = join(dataDir, "blobs");
  const { objects, parts, gone } = await readRows(join(dataDir, "rows"));
  const found: VerifiedBuckets = { objects, bytes: 0, problems: [], notes: [] };
  const names = new Set(await readdir(folder).catch(() => []));
  const options = {
    pathOf: (blob: string) => join(folder, blob),
    throttle: async (bytes: number) => {
      found.bytes += bytes;
      onBytes(bytes);
    },
  };
  const owned = new Set<string>();
  let withoutSidecar = 0;
  for (const [name, row] of objects) {
    for (const blob of blobsOf(row)) owned.add(blob);
    const damage = await findDamage(options, row);
    const object = parseObjectName(name);
    found.problems.push(...damage.map((extent) => describeDamage({ ...object, ...extent })));
    const [first] = row.pieces;
    if (first && !names.has(`${first.blob}.json`)) withoutSidecar += 1;
  }
  for (const part of parts.filter(({ blob }) => blob !== "")) {
    owned.add(part.blob);
    const damage = await findDamage(options, { pieces: [part], etag: part.etag });
    const what = `A part of an open upload is damaged: its file s3/blobs/${part.blob}`;
    found.problems.push(...damage.map(({ kind }) => `${what} is ${kind}. Upload it again.`));
  }
  for (const { blobs } of gone) for (const blob of blobs) owned.add(blob);
  const orphans = [...names].filter((name) => !name.includes(".") && !owned.has(name));
  if (orphans.length > 0) {
    found.notes.push(`${orphans.length} files in s3/blobs belong to no object; see docs/data.md.`);
  }
  if (withoutSidecar > 0) {
    found.notes.push(
      `${withoutSidecar} objects have no sidecar file yet; the next start writes it.`,
    );
  }
  return found;
}

/** Reads the rows without opening the database, because opening it changes it. */
async function readRows(folder: string) {
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
