/**
 * Makes rows and blobs consistent at the start, before the first request. Lost rows are restored from the sidecars
 * of their blobs. Blobs that no row names come from uploads that a crash interrupted, or their rows are lost: they
 * move to quarantine, unless the start found damage.
 */
import { CliError } from "@rushes/core/cli-error";
import type { Blobs } from "./blobs.ts";
import type { Services } from "./context.ts";
import type { Damage } from "./damage.ts";
import { blobsOf, finishDeletions } from "./deletions.ts";
import { objectSidecar, partSidecar, readSidecar, type Sidecar, writeSidecar } from "./sidecar.ts";
import { objectName, parseObjectName, partName, type Store, uploadName } from "./store.ts";

type RecoveryServices = Pick<Services, "store" | "blobs" | "notifications">;

export interface Recovered {
  /** A sentence each. */
  damage: string[];
  missing: Damage[];
  /** Rows whose blobs have no sidecar, as in data folders of older versions. */
  withoutSidecar: Set<string>;
}

/** @throws CliError if there are blobs and the database is missing */
export async function recover(
  services: RecoveryServices,
  found: { isNewDatabase: boolean },
): Promise<Recovered> {
  const { store, blobs } = services;
  await finishDeletions(services);
  const listed = await blobs.list();
  const before = await readOwnedBlobs(store, listed);
  const restored = await restore(services, await readLostRows(blobs, listed, before.owned));
  const { owned, withoutSidecar, missing } =
    restored > 0 ? await readOwnedBlobs(store, listed) : before;
  const orphans = [...new Set([...listed.blobs, ...listed.sidecars])].filter(
    (id) => !owned.has(id),
  );
  if (found.isNewDatabase && owned.size === 0 && orphans.length > 0) {
    throw new CliError(
      `The database of the buckets is missing, and s3/blobs has ${orphans.length} files that it listed. Restore the folder s3/rows from a backup, or move s3/blobs away to start with empty buckets.`,
    );
  }
  const damage: string[] = [];
  if (restored > 0) {
    damage.push(
      `The buckets' database had lost ${restored} objects or parts. They were restored from the files beside their bytes (s3/blobs/*.json).`,
    );
  }
  const isDamaged = store.damage.length > 0 || damage.length > 0 || missing.length > 0;
  if (orphans.length === 0) return { damage, missing, withoutSidecar };
  if (!isDamaged) await blobs.quarantine(orphans);
  else {
    damage.push(
      `${orphans.length} files in s3/blobs belong to no object. They stay there because damage was found; the next start without damage moves them to s3/quarantine.`,
    );
  }
  return { damage, missing, withoutSidecar };
}

type Listed = Awaited<ReturnType<Services["blobs"]["list"]>>;

/** The sidecars of blobs that no row names. */
async function readLostRows(blobs: Blobs, listed: Listed, owned: Set<string>): Promise<Sidecar[]> {
  const lost: Sidecar[] = [];
  for (const id of listed.sidecars) {
    const sidecar = owned.has(id) ? undefined : await readSidecar(blobs, id);
    if (sidecar) lost.push(sidecar);
  }
  return lost;
}

/** Restores objects first: a part may be an extent of one. Returns the number of restored rows. */
async function restore(services: RecoveryServices, lost: Sidecar[]): Promise<number> {
  let restored = 0;
  const named = new Set<string>();
  for (const sidecar of lost) {
    if (sidecar.kind !== "object" || !(await restoreObject(services, sidecar))) continue;
    restored += 1;
    for (const blob of blobsOf(sidecar.row)) named.add(blob);
  }
  for (const sidecar of lost) {
    if (sidecar.kind !== "part" || named.has(sidecar.row.blob)) continue;
    if (await restorePart(services, sidecar)) restored += 1;
  }
  return restored;
}

type SidecarOf<Kind extends Sidecar["kind"]> = Extract<Sidecar, { kind: Kind }>;

async function restoreObject(
  { store, blobs, notifications }: RecoveryServices,
  { bucket, key, row }: SidecarOf<"object">,
) {
  for (const { blob, sizeBytes } of row.pieces) {
    if ((await blobs.sizeOf(blob)) !== sizeBytes) return false;
  }
  const name = objectName(bucket, key);
  return store.commit(async (transaction) => {
    const current = await transaction.get("object", name);
    if (current && current.sequencer >= row.sequencer) return false;
    transaction.put("object", name, row);
    const { sequencer, sizeBytes, etag, multipart, ownerId } = row;
    // Its event may be lost too. An event that arrives twice creates no second job.
    const event = multipart ? "CompleteMultipartUpload" : "Put";
    notifications.add(transaction, {
      name: `ObjectCreated:${event}`,
      bucket,
      key,
      sequencer,
      sizeBytes,
      etag,
      ownerId,
    });
    return true;
  });
}

async function restorePart(
  { store, blobs }: RecoveryServices,
  { uploadId, upload, row }: SidecarOf<"part">,
) {
  if ((await blobs.sizeOf(row.blob)) !== row.sizeBytes) return false;
  const name = uploadName(upload.bucket, upload.key, uploadId);
  return store.commit(async (transaction) => {
    const part = partName(uploadId, row.number);
    if (await transaction.get("done", uploadId)) return false;
    const current = await transaction.get("part", part);
    if (current && current.modified >= row.modified) return false;
    // The lifecycle counts from now, so that it does not abort a restored upload at once.
    if (!(await transaction.get("upload", name))) {
      transaction.put("upload", name, { ...upload, initiated: Date.now() });
    }
    transaction.put("part", part, row);
    return true;
  });
}

/** The blobs that rows name, those of them that are missing, and the rows without a sidecar. */
async function readOwnedBlobs(store: Store, { blobs, sidecars }: Listed) {
  const owned = new Set<string>();
  const withoutSidecar = new Set<string>();
  const missing: Damage[] = [];
  for await (const [name, { blob }] of store.scan("part")) {
    if (blob === "") continue;
    owned.add(blob);
    if (!sidecars.has(blob)) withoutSidecar.add(name);
  }
  for await (const [name, row] of store.scan("object")) {
    for (const blob of blobsOf(row)) {
      owned.add(blob);
      if (!blobs.has(blob)) missing.push({ ...parseObjectName(name), blob, kind: "missing" });
    }
    const first = row.pieces[0]?.blob;
    if (first !== undefined && !sidecars.has(first)) withoutSidecar.add(name);
  }
  return { owned, withoutSidecar, missing };
}

/** Writes missing sidecars: for data of older versions, and for the last commits before a power cut. */
export async function writeMissingSidecars(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  names: Set<string>,
) {
  if (names.size === 0) return;
  for await (const [name, row] of store.scan("object")) {
    if (!names.has(name)) continue;
    await writeSidecar(blobs, objectSidecar(parseObjectName(name), row));
  }
  for await (const [uploadKey, upload] of store.scan("upload")) {
    const id = uploadKey.slice(uploadKey.lastIndexOf("\0") + 1);
    for await (const [name, row] of store.scan("part", `${id}\0`)) {
      if (names.has(name)) await writeSidecar(blobs, partSidecar(id, upload, row));
    }
  }
}

/** Finds truncated files within seconds; the scrub takes days to read all files. */
export async function checkLengths({
  store,
  blobs,
  report,
}: Pick<Services, "store" | "blobs" | "report">) {
  for await (const [name, row] of store.scan("object")) {
    for (const { blob, sizeBytes } of row.pieces) {
      const found = await blobs.sizeOf(blob);
      if (found === undefined || found === sizeBytes) continue;
      report({ ...parseObjectName(name), blob, kind: "truncated" });
    }
  }
}
