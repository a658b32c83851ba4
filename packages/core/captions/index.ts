import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import * as Id from "../id.ts";
import { record, requireReachable } from "../job/reach.ts";
import type { Row } from "../job/row.ts";
import { patch } from "../job/transition.ts";
import { mediaUrl } from "../media.ts";
import { stem } from "../rendition/key.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { captionsKey } from "./key.ts";
import { parse } from "./parse.ts";
import { assertRoom, ofJob, read, removal, rowOf } from "./row.ts";
import { type Changes, canonical, type Info, type Listed, type New, nameOf } from "./schema.ts";
import { removeFile, storeFile } from "./storage.ts";

export { Changes, Info, Listed, New } from "./schema.ts";

/** The captions that were added to one of the caller's videos, oldest first. Throws `job.not_found`. */
export async function list(jobId: Id.JobId): Promise<Listed[]> {
  const job = await requireReachable(jobId, "read");
  await Audit.recordAccess({ action: "job.opened", target: job.id, owner: job.ownerId });
  return (await ofJob(jobId)).map((captions) => listed(job, captions));
}

/**
 * Adds a WebVTT or SubRip file to one of the caller's videos. Throws `job.not_found`, `captions.invalid` with the
 * number of the invalid line, `request.too_large`, and `captions.too_many`. That count may be exceeded by simultaneous
 * calls.
 */
export async function add(input: { jobId: Id.JobId; file: Uint8Array } & New): Promise<Listed> {
  const job = await requireReachable(input.jobId, "manage");
  const { vtt, cues } = await parse(input.file);
  assertRoom(await ofJob(job.id));
  const language = canonical(input.language) ?? input.language;
  const now = Date.now();
  const captions: Info = {
    id: Id.create.captions(now),
    language,
    name: input.name ?? nameOf(language),
    cues,
    sizeBytes: Buffer.byteLength(vtt),
    time: { created: new Date(now).toISOString() },
  };
  // Before the row, so that no captions are listed whose file does not exist.
  await storeFile(job.id, captions.id, vtt);
  if (await write(job, rowOf(job.id, captions), captions.sizeBytes)) {
    await record("captions.added", job);
    return listed(job, captions);
  }
  // The job was retried or deleted. The next call adds them or throws.
  await removeFile(job.id, captions.id);
  return add(input);
}

/** Changes the name or the language of captions. Throws `job.not_found` and `captions.not_found`. */
export async function update(
  input: { jobId: Id.JobId; id: Id.CaptionsId } & Changes,
): Promise<Listed> {
  const job = await requireReachable(input.jobId, "manage");
  const { name, language } = input;
  const changed = await Table.apply(
    Table.update({
      key: Table.key.captions(job.id, input.id),
      set: { id: input.id, name, language: language && canonical(language) },
      condition: "attribute_exists(pk)",
    }),
  );
  const captions = changed && (await read(job.id, input.id));
  if (!captions) throw notFound();
  await Table.apply(patch(job, {}));
  await record("captions.changed", job);
  return listed(job, captions);
}

/** Removes captions and their file. Throws `job.not_found` and `captions.not_found`. */
export async function remove(input: { jobId: Id.JobId; id: Id.CaptionsId }): Promise<void> {
  const job = await requireReachable(input.jobId, "manage");
  const captions = await read(job.id, input.id);
  if (!captions) throw notFound();
  // Another call was faster, or the job was retried or deleted: try again, or throw.
  if (!(await write(job, removal(job.id, captions.id), -captions.sizeBytes))) return remove(input);
  await removeFile(job.id, captions.id);
  await record("captions.removed", job);
}

/** Writes a row together with the bytes that it adds to the job and to its owner's usage. */
function write(job: Row, row: Table.Write, bytes: number): Promise<boolean> {
  return Table.transact([
    row,
    { Update: patch(job, { add: { addedBytes: bytes } }) },
    Usage.write(job.ownerId, { openUploads: 0, bytes }),
  ]);
}

function notFound(): VisibleError {
  return new VisibleError("not_found", "captions.not_found", "There are no such captions.");
}

function listed(job: Row, captions: Info): Listed {
  const name = `${stem(job.fileName) || job.fileName}.${captions.language}.vtt`;
  const { url } = mediaUrl({ key: captionsKey(job.id, captions.id), attachmentName: name });
  return { ...captions, downloadUrl: url };
}
