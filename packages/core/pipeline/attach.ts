/**
 * Captions files that other tools put beside a video: `film.de.srt` beside `film.mp4`. The one that arrives last adds
 * the captions: each first records itself, and then looks for the other. If both find each other, one of two writes wins.
 */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import {
  isCaptionsFile,
  languageBeside,
  prefixOfCaptions,
  prefixOfVideo,
} from "../captions/beside.ts";
import { parse, tooLarge } from "../captions/parse.ts";
import * as Captions from "../captions/row.ts";
import { type Info, MAX_BYTES, nameOf } from "../captions/schema.ts";
import { removeFile, storeFile } from "../captions/storage.ts";
import { derivedUlid } from "../derived-id.ts";
import { VisibleError } from "../error.ts";
import { CaptionsId, type JobId } from "../id.ts";
import { type Row, read } from "../job/row.ts";
import { patch } from "../job/transition.ts";
import { baseName } from "../rendition/key.ts";
import * as Current from "../source/current.ts";
import { bareEtag, type CreatedObject } from "../source/object.ts";
import type { Warning } from "../source/warning.ts";
import { isMissing, objectsIn, s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { ownerOf } from "./owner.ts";

/** A captions file as its event described it. */
const File = z.object({
  bucket: z.string(),
  key: z.string(),
  sizeBytes: z.number(),
  etag: z.string(),
  /** Padded, so that a later write of the key has a greater one. */
  sequencer: z.string(),
  time: z.string(),
  ownerId: z.string(),
});
type File = z.infer<typeof File>;

/** What was made of a file for a job. */
const Attached = z.object({ sequencer: z.string(), captionsId: CaptionsId.optional() });

/** S3's sequencers have fewer digits. */
const SEQUENCER_LENGTH = 64;

/** A captions file has arrived: adds it to the owner's videos beside it. */
export async function attachFile(object: CreatedObject): Promise<void> {
  if (!isCaptionsFile(object.key)) return;
  const { bucket, key, sizeBytes, etag, time } = object;
  const { ownerId } = await ownerOf(object);
  const sequencer = object.sequencer.padEnd(SEQUENCER_LENGTH, "0").toUpperCase();
  const file: File = { bucket, key, sizeBytes, etag, sequencer, time, ownerId };
  if (!(await record(file))) return;
  for await (const { key: videoKey } of objectsIn(bucket, prefixOfCaptions(key))) {
    const language = languageBeside(key, videoKey);
    if (language === undefined || isCaptionsFile(videoKey)) continue;
    const current = await Current.read({ bucket, key: videoKey });
    if (current) await attach(current.jobId, file, language);
  }
}

/** A video has arrived: adds its owner's captions files beside it. */
export async function attachFiles({ id, source, uploadId }: Row): Promise<void> {
  // Nothing lies beside what somebody uploads with Rushes.
  if (uploadId !== undefined) return;
  for await (const { key } of objectsIn(source.bucket, prefixOfVideo(source.key))) {
    const language = languageBeside(key, source.key);
    if (language === undefined) continue;
    const row = await Table.get(Table.key.captionsFile(source.bucket, key));
    // Its event will find the video.
    if (row) await attach(id, File.parse(row), language);
  }
}

/** False if a later write of the file is known. */
async function record(file: File): Promise<boolean> {
  const row = await Table.apply(
    Table.update({
      key: Table.key.captionsFile(file.bucket, file.key),
      set: file,
      condition: "attribute_not_exists(#sequencer) OR #sequencer <= :sequencer",
      values: { ":sequencer": file.sequencer },
    }),
  );
  return row !== undefined;
}

/** Adds a file to a job once, in place of its earlier version. An invalid file becomes a warning. */
async function attach(jobId: string, file: File, language: string): Promise<void> {
  const job = await read(jobId);
  if (!job || job.status === "deleted" || job.ownerId !== file.ownerId) return;
  const row = await Table.get(Table.key.attached(job.id, file.key));
  const before = row && Attached.parse(row);
  if (before && before.sequencer >= file.sequencer) return;
  const old = before?.captionsId && (await Captions.read(job.id, before.captionsId));
  const content = await contentOf(job.id, file, !old);
  // Another file has replaced it, whose event follows, or it was deleted.
  if (!content) return;
  const added =
    content.problem === undefined ? captionsOf(job.id, file, content, language, old) : undefined;
  // Before the row, so that no captions are listed whose file does not exist.
  if (added) await storeFile(job.id, added.id, content.vtt ?? "");
  const bytes = added ? added.sizeBytes - (old?.sizeBytes ?? 0) : 0;
  const written = await Table.transact([
    attachedWrite(job.id, file, added?.id ?? before?.captionsId),
    { Update: patch(job, { ...warned(job, file, content.problem), add: { addedBytes: bytes } }) },
    ...(added ? [Captions.rowOf(job.id, added)] : []),
    ...(added && old ? [Captions.removal(job.id, old.id)] : []),
    ...(bytes === 0 ? [] : [Usage.write(job.ownerId, { openUploads: 0, bytes })]),
  ]);
  // The job has changed in the meantime, or another event was faster.
  if (!written) return attach(jobId, file, language);
  if (added && old) await removeFile(job.id, old.id);
}

type Content =
  | { vtt: string; cues: number; problem?: undefined }
  | { problem: string; vtt?: undefined };

/** Undefined if the bucket no longer has this version of the file. */
async function contentOf(
  jobId: JobId,
  { bucket, key, etag, sizeBytes }: File,
  isNew: boolean,
): Promise<Content | undefined> {
  try {
    if (sizeBytes > MAX_BYTES) throw tooLarge();
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (etag !== "" && bareEtag(found.ETag ?? "") !== etag) return undefined;
    const content = await parse((await found.Body?.transformToByteArray()) ?? new Uint8Array());
    if (isNew) Captions.assertRoom(await Captions.ofJob(jobId));
    return content;
  } catch (error) {
    if (error instanceof VisibleError) return { problem: error.message };
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The captions of a file. They keep the language and the name that a person has given to its earlier version. */
function captionsOf(
  jobId: JobId,
  { key, sequencer, time }: File,
  { vtt, cues }: { vtt: string; cues: number },
  language: string,
  old: Info | undefined,
): Info {
  return {
    // The same for each event of this version, because each of them stores the file.
    id: CaptionsId.parse(`cap_${derivedUlid(Date.parse(time), [jobId, key, sequencer])}`),
    language: old?.language ?? language,
    name: old?.name ?? nameOf(language),
    cues,
    sizeBytes: Buffer.byteLength(vtt),
    time: { created: time },
  };
}

/** Fails if this version or a later one is recorded. */
function attachedWrite(jobId: JobId, { key, sequencer }: File, captionsId?: string): Table.Write {
  return {
    Update: Table.update({
      key: Table.key.attached(jobId, key),
      set: { sequencer, captionsId },
      condition: "attribute_not_exists(#sequencer) OR #sequencer < :sequencer",
      values: { ":sequencer": sequencer },
    }),
  };
}

/** The change of a job's warnings, where a file has one at most. It fails if they have changed since the job was read. */
function warned(job: Row, { key }: File, problem: string | undefined): Parameters<typeof patch>[1] {
  const known = job.warnings ?? [];
  const fileName = baseName(key);
  const isOther = (one: Warning) => one.type !== "captions.file" || one.fileName !== fileName;
  const others = known.filter(isOther);
  if (problem === undefined && others.length === known.length) return {};
  const warnings: Warning[] =
    problem === undefined ? others : [...others, { type: "captions.file", fileName, problem }];
  return {
    ...(warnings.length > 0 ? { set: { warnings } } : { remove: ["warnings"] }),
    ...(known.length > 0
      ? { condition: "#warnings = :known", values: { ":known": known } }
      : { condition: "attribute_not_exists(#warnings)" }),
  };
}
