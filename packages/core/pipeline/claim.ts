import * as z from "zod";
import * as Id from "../id.ts";
import { measureRows } from "../job/measure.ts";
import { indexes, type Row, read, type Tombstone } from "../job/row.ts";
import { step } from "../job/timeline.ts";
import { oneLine } from "../one-line.ts";
import * as Profiles from "../profiles.ts";
import { baseName } from "../rendition/key.ts";
import * as Search from "../search/index.ts";
import * as Current from "../source/current.ts";
import type { CreatedObject } from "../source/object.ts";
import * as Table from "../table/index.ts";
import * as UploadRow from "../upload/row.ts";
import * as Usage from "../usage/index.ts";
import { type ObjectOwner, ownerOf } from "./owner.ts";

const Claim = z.object({ jobId: Id.JobId, replaces: Id.JobId.optional() });

export interface Claimed {
  job: Row | Tombstone;
  /** The job whose source this object has replaced. */
  replaces?: Id.JobId | undefined;
}

/** The maximum length of a title, in UTF-16 units as in the schema. */
const TITLE_LENGTH = 200;

/**
 * Finds or creates the one job of an object. Bucket, key and sequencer identify the object, and the claim is written
 * together with the job. A repeated event gets the existing job, whatever its status. An upload creates one job, even
 * if the same bytes were sent twice because a response was lost. Other bytes under its key come from another tool and
 * get their own job. Returns `aborted` if the upload was aborted, and undefined if nothing is left of the job.
 */
export async function claim(object: CreatedObject): Promise<Claimed | "aborted" | undefined> {
  const [upload, current] = await Promise.all([
    UploadRow.ofObject(object.bucket, object.key),
    Current.read(object),
  ]);
  if (upload?.status === "aborted") return "aborted";
  const isLate = current !== undefined && Current.isBefore(object.sequencer, current.sequencer);
  const joins = upload?.jobId && (isLate || !(await isOther(upload.jobId, object)));
  const job = joins ? undefined : newJob(object, upload, upload ?? (await ownerOf(object)));
  const replaces = job && !isLate ? (current?.jobId ?? upload?.jobId) : undefined;
  const jobId = job?.row.id ?? upload?.jobId;
  const claimRow = {
    ...Table.key.claim(object.bucket, object.key, object.sequencer),
    jobId,
    replaces,
  };
  const written = await Table.transact([
    Table.put(claimRow, "attribute_not_exists(pk)"),
    ...(job?.writes ?? []),
    ...(job && !isLate ? [Current.write(object, job.row.id, current)] : []),
  ]);
  if (written) return claimed(job?.row ?? (await read(jobId ?? "")), replaces);
  const taken = await Table.get({ pk: claimRow.pk, sk: claimRow.sk });
  // The upload or the key has changed: it was aborted, or another delivery was faster. Read again.
  if (!taken) return claim(object);
  const found = Claim.parse(taken);
  return claimed(await read(found.jobId), found.replaces);
}

const claimed = (job: Row | Tombstone | undefined, replaces: Id.JobId | undefined) =>
  job && { job, replaces };

/** Whether the job of an upload was created from other bytes. An object of a deleted job still belongs to it. */
async function isOther(jobId: string, object: CreatedObject): Promise<boolean> {
  const job = await read(jobId);
  if (!job || job.status === "deleted") return false;
  return object.etag !== "" && job.source.etag !== object.etag;
}

function newJob(
  object: CreatedObject,
  upload: UploadRow.Row | undefined,
  { ownerId, ownerEmail }: ObjectOwner,
): { row: Row; writes: Table.Write[] } {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const fileName = upload?.fileName ?? (baseName(object.key) || object.key);
  const { time: _, principalId: __, ...source } = object;
  // Another tool's object under the key of an upload is not what was uploaded.
  const completed = upload?.jobId ? undefined : upload;
  const row: Row = {
    id: Id.create.job(now),
    ownerId,
    ownerEmail,
    title: title(fileName),
    tags: upload?.tags,
    fileName,
    uploadId: completed?.id,
    fingerprint: completed?.fingerprint,
    source,
    profile: upload?.profile ?? Profiles.defaultName(),
    attempt: 1,
    status: "received",
    progressPercent: 0,
    landed: [],
    submitTries: 0,
    startTries: 0,
    time: { created: time, updated: time },
  };
  const { landed: ___, ...stored } = row;
  const at = { jobId: row.id, attempt: 1 };
  const writes = [
    Table.put(
      { ...Table.key.job(row.id), ...stored, ...indexes({ ...row, now }) },
      "attribute_not_exists(pk)",
    ),
    step({ ...at, type: "source.received", time }),
    ...Search.writes(row, undefined),
    ...measureRows(row).map((one) => Table.put(one)),
  ];
  if (completed) {
    const set = { jobId: row.id, "time.completed": object.time };
    const condition = "attribute_not_exists(#jobId)";
    const { sizeBytes } = object;
    writes.push(
      ...UploadRow.transitionWrites({
        row: completed,
        to: "completed",
        set,
        condition,
        sizeBytes,
        now,
      }),
      step({ ...at, type: "upload.created", time: completed.time.created }),
      step({ ...at, type: "upload.completed", time: object.time }),
    );
  } else {
    // The bytes are stored already, so the quota cannot reject them.
    writes.push(Usage.write(row.ownerId, { openUploads: 0, bytes: object.sizeBytes }));
  }
  return { row, writes };
}

/** A file's name as a title: whole characters, up to the maximum length. */
export function title(fileName: string): string {
  const text = oneLine(fileName);
  let end = 0;
  for (const character of text) {
    if (end + character.length > TITLE_LENGTH) break;
    end += character.length;
  }
  return text.slice(0, end) || "video";
}
