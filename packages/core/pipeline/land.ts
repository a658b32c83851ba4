import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as Actor from "../actor.ts";
import { capturePrefixOf, expectedOf, keyOf } from "../job/outputs.ts";
import { type Row, read } from "../job/row.ts";
import { isTerminal, STATUSES } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import { patch } from "../job/transition.ts";
import * as Key from "../rendition/key.ts";
import { pickPoster } from "../rendition/poster.ts";
import type { Info } from "../rendition/schema.ts";
import { resource } from "../resource.ts";
import type { CreatedObject } from "../source/object.ts";
import { s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import { describe } from "./describe.ts";

/**
 * An object was created in the renditions bucket: records it, so that it can be played. The playlist of an adaptive
 * stream is written when the stream begins and when it ends: both record the same rendition. An object of a deleted
 * job is deleted. One of an older attempt or of a job that has ended stays unrecorded until the job is deleted.
 */
export async function land(object: CreatedObject): Promise<void> {
  Actor.system();
  const parsed = Key.parse(object.key);
  if (!parsed) return;
  const job = await read(parsed.jobId);
  if (!job) return;
  if (job.status === "deleted") {
    await s3.send(new DeleteObjectCommand({ Bucket: object.bucket, Key: object.key }));
    return;
  }
  // `collect` chooses the poster when all captures exist.
  if (parsed.kind === "poster") return;
  if (job.attempt !== parsed.attempt || isTerminal(job.status)) return;
  if (job.landed.includes(parsed.label) && parsed.kind !== "hls") return;
  const rendition = await describe(object.bucket, object.key, job.attempt, parsed);
  if (!rendition) return;
  const recorded = await Table.transact([
    { Update: patch(job, { ...recording([rendition]), ...Table.oneOf("status", ACTIVE) }) },
    ...rows(job, [rendition]),
  ]);
  // The job ended or was deleted after it was read. The next call returns, or deletes the object.
  if (!recorded) await land(object);
}

const ACTIVE = STATUSES.filter((status) => !isTerminal(status));

/**
 * What the encoder has written for this attempt and is not recorded yet, and the adaptive stream in its final state.
 */
export async function collect(job: Row): Promise<Info[]> {
  const bucket = resource().Renditions.name;
  const missing = expectedOf(job).filter((label) => label === "hls" || !job.landed.includes(label));
  const found = await Promise.all(
    missing.map(async (label) => {
      const key = label === "poster" ? await posterKey(bucket, job) : keyOf(job, label);
      const kind = Key.kindOf(label);
      return key === undefined ? undefined : describe(bucket, key, job.attempt, { label, kind });
    }),
  );
  return found.filter((rendition) => rendition !== undefined);
}

/** The key of the capture that becomes the poster. The others stay until the job is deleted. */
async function posterKey(bucket: string, job: Row): Promise<string | undefined> {
  const Prefix = capturePrefixOf(job);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return pickPoster(Contents.map(({ Key = "", Size = 0 }) => ({ key: Key, sizeBytes: Size })))?.key;
}

/** The changes to the job when these renditions are recorded. */
export function recording(renditions: Info[]): { set?: Table.Row; add?: Table.Row } {
  if (renditions.length === 0) return {};
  const poster = renditions.find((rendition) => rendition.kind === "poster");
  return {
    add: { landed: new Set(renditions.map((rendition) => rendition.label)) },
    set: poster && { posterKey: poster.key },
  };
}

/** The rows of these renditions, and their timeline steps. */
export function rows(job: Row, renditions: Info[]): Table.Write[] {
  return renditions.flatMap((rendition) => {
    const { label, attempt, sizeBytes, width, height } = rendition;
    const time = rendition.time.landed;
    const detail = { label, sizeBytes, ...(width && height && { width, height }) };
    const row = Table.put({ ...Table.key.rendition(job.id, attempt, label), ...rendition });
    // A stream is recorded again when it ends. The timeline shows when it began to play.
    if (job.landed.includes(label)) return [row];
    return [row, step({ jobId: job.id, attempt, type: "rendition.landed", time, label, detail })];
  });
}
