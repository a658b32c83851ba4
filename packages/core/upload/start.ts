import { CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import type { Owner } from "../actor.ts";
import { formatBytes } from "../format.ts";
import * as Id from "../id.ts";
import { changeTags } from "../job/tags.ts";
import * as Profiles from "../profiles.ts";
import { safeFileName } from "../rendition/key.ts";
import { resource } from "../resource.ts";
import { s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { findExisting } from "./existing.ts";
import { abort } from "./finish.ts";
import type { Repeatable } from "./idempotency.ts";
import { planFor } from "./plan.ts";
import { type Row, read } from "./row.ts";
import type { Existing, NewFile } from "./schema.ts";
import { STORED_HEADERS } from "./sign.ts";

export type Started =
  | { row: Row; error?: undefined; existing?: undefined }
  | { error: Usage.FileError; row?: undefined; existing?: undefined }
  | { existing: Existing; row?: undefined; error?: undefined };

/** Uploads per transaction, which may have 100 writes and 4 MB. */
const GROUP = 50;

/**
 * Writes one upload per file, in their order, up to the owner's quota. A file that is rejected has its error in its
 * place, and one with `onlyNew` that a video was made of has the video. Both leave no data.
 */
export async function start(
  files: NewFile[],
  owner: Owner,
  repeatable?: Repeatable,
): Promise<Started[]> {
  const videos = await findExisting(owner.ownerId, files);
  const started = await Promise.all(
    files.map(async (file, place): Promise<Started> => {
      const error = sizeError(file) ?? Profiles.problem(file.profile);
      if (error) return { error };
      const id = repeatable?.idOf(place) ?? Id.create.upload();
      const existing = videos[place];
      // An earlier request with the same key may have begun it, and its client continues it.
      const isBegun = existing && repeatable?.repeated && (await read(id));
      return existing && !isBegun ? { existing } : { row: newRow(file, owner, id) };
    }),
  );
  // One after another: they write the same usage row, and simultaneous writes would only cancel each other.
  for (let from = 0; from < started.length; from += GROUP) {
    const group = started.slice(from, from + GROUP);
    const admitted = await admit(owner.ownerId, group, repeatable?.repeated ?? false);
    started.splice(from, group.length, ...admitted);
  }
  return started;
}

function sizeError(file: NewFile): Usage.FileError | undefined {
  const { maxSizeBytes } = resource().Settings;
  if (file.sizeBytes <= 0) return { code: "upload.empty", message: "The file is empty (0 bytes)." };
  if (file.sizeBytes <= maxSizeBytes) return undefined;
  const message = `The file is larger than the limit of ${formatBytes(maxSizeBytes)}.`;
  return { code: "upload.too_large", message };
}

/**
 * Reserves and writes the uploads of a group that fit into the quota, all at once. Uploads that are in the table
 * already belong to the group: an earlier request had the same key, or its response was lost. They stay unchanged.
 */
async function admit(ownerId: string, group: Started[], repeated: boolean): Promise<Started[]> {
  // If the process dies before the rows are written, the bucket's lifecycle removes the multipart uploads.
  const begun = new Map<string, Row>();
  for (let mayExist = repeated; ; mayExist = true) {
    const there = mayExist ? await existing(group) : new Map<string, Row>();
    const checked = assignErrors(await Usage.read(ownerId), group, there);
    const result = await Promise.all(
      checked.map(async (one): Promise<Started> => {
        if (!one.row || there.has(one.row.id)) return one;
        const row = begun.get(one.row.id) ?? (await begin(one.row));
        begun.set(row.id, row);
        return { row };
      }),
    );
    const rows = result.flatMap(({ row }) => (row && !there.has(row.id) ? [row] : []));
    if (!(await write(ownerId, rows))) continue;
    for (const { id } of rows) begun.delete(id);
    // Another request was faster, with the same key or with the rest of the quota.
    await Promise.all([...begun.values()].map(abort));
    return result;
  }
}

async function existing(group: Started[]): Promise<Map<string, Row>> {
  const rows = await Promise.all(group.map(({ row }) => row && read(row.id)));
  return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])));
}

/** The same files, in their order, with an error for each that does not fit into the remaining quota. */
function assignErrors(used: Usage.Amount, group: Started[], there: Map<string, Row>): Started[] {
  let { openUploads, bytes } = used;
  return group.map((one) => {
    if (!one.row) return one;
    const row = there.get(one.row.id);
    // It was counted when it was written.
    if (row) return { row };
    const error = Usage.quotaError({ openUploads, bytes }, one.row.sizeBytes);
    if (error) return { error };
    openUploads += 1;
    bytes += one.row.sizeBytes;
    return one;
  });
}

/** False if they may no longer fit, because the owner's usage has grown, or if they already exist. */
async function write(ownerId: string, rows: Row[]): Promise<boolean> {
  if (rows.length === 0) return true;
  const bytes = rows.reduce((sum, row) => sum + row.sizeBytes, 0);
  return Table.transact([
    Usage.reserve(ownerId, { openUploads: rows.length, bytes }),
    ...rows.map((row) =>
      Table.put(
        {
          ...Table.key.upload(row.id),
          ...row,
          ...Table.index.ownerUploads(ownerId, "open", row.id),
          ...Table.index.due("upload", row.id, row.time.expires),
        },
        "attribute_not_exists(pk)",
      ),
    ),
  ]);
}

function newRow(file: NewFile, owner: Owner, id: Id.UploadId): Row {
  const now = Date.now();
  const { Settings, Uploads } = resource();
  return {
    id,
    fileName: file.name,
    sizeBytes: file.sizeBytes,
    contentType: file.contentType || "application/octet-stream",
    status: "open",
    plan: planFor(file.sizeBytes),
    time: {
      created: new Date(now).toISOString(),
      expires: new Date(now + Settings.uploadExpiresSeconds * 1000).toISOString(),
    },
    ownerId: owner.ownerId,
    ownerEmail: owner.email,
    bucket: Uploads.name,
    key: `${id}/${safeFileName(file.name)}`,
    fingerprint: file.fingerprint,
    profile: file.profile,
    tags: file.tags && changeTags([], { add: file.tags }),
  };
}

/** Creates the multipart upload, if the plan has one. */
async function begin(row: Row): Promise<Row> {
  if (row.plan.kind === "single") return row;
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({
      Bucket: row.bucket,
      Key: row.key,
      ContentType: row.contentType,
      ...STORED_HEADERS,
      ChecksumAlgorithm: "CRC64NVME",
      ChecksumType: "FULL_OBJECT",
    }),
  );
  return { ...row, multipartId: UploadId };
}
