/**
 * Brings rows and blobs together again at the start, before the first request. Rows that were lost come back from
 * the sidecars of their blobs. Blobs that nothing names are those of uploads that a crash cut off, or were lost in
 * another way: they go into quarantine, and on a start that found damage they stay where they are.
 */
import { CliError } from "@rushes/core/cli-error";
import type { Blobs } from "./blobs.ts";
import type { Damage } from "./damage.ts";
import type { Services } from "./exchange.ts";
import { blobsOf, removeGone } from "./gone.ts";
import { objectSidecar, partSidecar, readSidecar, type Sidecar, writeSidecar } from "./sidecar.ts";
import { objectName, partName, type Store, uploadName } from "./store.ts";

type Parts = Pick<Services, "store" | "blobs" | "notifications">;

export interface Recovered {
  /** A sentence each. */
  damage: string[];
  missing: Damage[];
  /** Blobs that are named by a row and have no sidecar, as those of older versions. */
  undescribed: Set<string>;
}

/** @throws CliError if there are blobs and the database is gone, with a sentence that says what to do */
export async function recover(parts: Parts, found: { isNewDatabase: boolean }): Promise<Recovered> {
  const { store, blobs } = parts;
  await removeGone(parts);
  const listed = await blobs.list();
  const before = await ownedBlobs(store, listed);
  const restored = await restore(parts, await lostRows(blobs, listed, before.owned));
  const { owned, undescribed, missing } = restored > 0 ? await ownedBlobs(store, listed) : before;
  const orphans = [...new Set([...listed.blobs, ...listed.sidecars])].filter(
    (id) => !owned.has(id),
  );
  if (found.isNewDatabase && owned.size === 0 && orphans.length > 0) {
    throw new CliError(
      `The database of the buckets is missing, and s3/blobs has ${orphans.length} files whose names it held. Restore the folder s3/rows from a backup, or move s3/blobs away to start with empty buckets.`,
    );
  }
  const damage: string[] = [];
  if (restored > 0) {
    damage.push(
      `The buckets' database had lost ${restored} objects or parts. They were restored from the files beside their bytes (s3/blobs/*.json).`,
    );
  }
  const isDamaged = store.damage.length > 0 || damage.length > 0 || missing.length > 0;
  if (orphans.length === 0) return { damage, missing, undescribed };
  if (!isDamaged) await blobs.quarantine(orphans);
  else {
    damage.push(
      `${orphans.length} files in s3/blobs belong to no object. They stay there because damage was found; the next start without damage moves them to s3/quarantine.`,
    );
  }
  return { damage, missing, undescribed };
}

type Listed = Awaited<ReturnType<Services["blobs"]["list"]>>;

/** The sidecars of blobs that no row names. */
async function lostRows(blobs: Blobs, listed: Listed, owned: Set<string>): Promise<Sidecar[]> {
  const lost: Sidecar[] = [];
  for (const id of listed.sidecars) {
    const sidecar = owned.has(id) ? undefined : await readSidecar(blobs, id);
    if (sidecar) lost.push(sidecar);
  }
  return lost;
}

/** Objects first: a part may be a piece of one. Returns how many rows came back. */
async function restore(parts: Parts, lost: Sidecar[]): Promise<number> {
  let restored = 0;
  const named = new Set<string>();
  for (const sidecar of lost) {
    if (sidecar.kind !== "object" || !(await restoreObject(parts, sidecar))) continue;
    restored += 1;
    for (const blob of blobsOf(sidecar.row)) named.add(blob);
  }
  for (const sidecar of lost) {
    if (sidecar.kind !== "part" || named.has(sidecar.row.blob)) continue;
    if (await restorePart(parts, sidecar)) restored += 1;
  }
  return restored;
}

type Of<Kind extends Sidecar["kind"]> = Extract<Sidecar, { kind: Kind }>;

async function restoreObject(
  { store, blobs, notifications }: Parts,
  { bucket, key, row }: Of<"object">,
) {
  for (const { blob, sizeBytes } of row.pieces) {
    if ((await blobs.sizeOf(blob)) !== sizeBytes) return false;
  }
  const name = objectName(bucket, key);
  return store.commit(async (transaction) => {
    const now = await transaction.get("object", name);
    if (now && now.sequencer >= row.sequencer) return false;
    transaction.put("object", name, row);
    const { sequencer, sizeBytes, etag, multipart } = row;
    // Its event may be lost too. One that is sent again makes no second job.
    const event = multipart ? "CompleteMultipartUpload" : "Put";
    notifications.add(transaction, {
      ...{ name: `ObjectCreated:${event}`, bucket, key, sequencer, sizeBytes, etag },
    });
    return true;
  });
}

async function restorePart({ store, blobs }: Parts, { uploadId, upload, row }: Of<"part">) {
  if ((await blobs.sizeOf(row.blob)) !== row.sizeBytes) return false;
  const name = uploadName(upload.bucket, upload.key, uploadId);
  return store.commit(async (transaction) => {
    const part = partName(uploadId, row.number);
    if (await transaction.get("done", uploadId)) return false;
    const now = await transaction.get("part", part);
    if (now && now.modified >= row.modified) return false;
    // The lifecycle counts from now on: nothing that was found again is given up at once.
    if (!(await transaction.get("upload", name))) {
      transaction.put("upload", name, { ...upload, initiated: Date.now() });
    }
    transaction.put("part", part, row);
    return true;
  });
}

/** Which blobs rows name, which of these are not there, and which have no sidecar though they should. */
async function ownedBlobs(store: Store, { blobs, sidecars }: Listed) {
  const owned = new Set<string>();
  const undescribed = new Set<string>();
  const missing: Damage[] = [];
  for await (const [name, { blob }] of store.scan("part")) {
    if (blob === "") continue;
    owned.add(blob);
    if (!sidecars.has(blob)) undescribed.add(name);
  }
  for await (const [name, row] of store.scan("object")) {
    const [bucket = "", ...key] = name.split("\0");
    for (const blob of blobsOf(row)) {
      owned.add(blob);
      if (!blobs.has(blob)) missing.push({ bucket, key: key.join("\0"), blob, kind: "missing" });
    }
    const first = row.pieces[0]?.blob;
    if (first !== undefined && !sidecars.has(first)) undescribed.add(name);
  }
  return { owned, undescribed, missing };
}

/** Writes the sidecars that are missing: of older versions, and of the last commits before a power cut. */
export async function describeAll(
  { store, blobs }: Pick<Parts, "store" | "blobs">,
  names: Set<string>,
) {
  if (names.size === 0) return;
  for await (const [name, row] of store.scan("object")) {
    if (!names.has(name)) continue;
    const [bucket = "", ...key] = name.split("\0");
    await writeSidecar(blobs, objectSidecar({ bucket, key: key.join("\0") }, row));
  }
  for await (const [uploadKey, upload] of store.scan("upload")) {
    const id = uploadKey.slice(uploadKey.lastIndexOf("\0") + 1);
    for await (const [name, row] of store.scan("part", `${id}\0`)) {
      if (names.has(name)) await writeSidecar(blobs, partSidecar(id, upload, row));
    }
  }
}

/** Finds files that were cut off: a matter of seconds, while the scrub takes days to read them all. */
export async function checkLengths({ store, blobs, report }: Parts & Pick<Services, "report">) {
  for await (const [name, row] of store.scan("object")) {
    const [bucket = "", ...key] = name.split("\0");
    for (const { blob, sizeBytes } of row.pieces) {
      const found = await blobs.sizeOf(blob);
      if (found === undefined || found === sizeBytes) continue;
      report({ bucket, key: key.join("\0"), blob, kind: "truncated" });
    }
  }
}
