import { DeleteObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as Actor from "../actor.ts";
import { probe } from "../encoder/probe.ts";
import { type Row, read } from "../job/row.ts";
import { step } from "../job/timeline.ts";
import { touch } from "../job/transition.ts";
import * as Key from "../rendition/key.ts";
import { pickPoster } from "../rendition/poster.ts";
import type { Info } from "../rendition/schema.ts";
import { resource } from "../resource.ts";
import { bareEtag, type Created } from "../source/object.ts";
import { isMissing, s3 } from "../storage.ts";
import * as Table from "../table/index.ts";

export { Info, KINDS, LABELS } from "../rendition/schema.ts";

/**
 * An object was created in the renditions bucket: describes it and records it, so that it can be
 * played from now on. What lands for a deleted job is removed; what lands for an older attempt, or for
 * a canceled job, stays unrecorded until the job is deleted.
 */
export async function land(object: Created): Promise<void> {
  Actor.system();
  const parsed = Key.parse(object.key);
  if (!parsed) return;
  const job = await read(parsed.jobId);
  if (!job) return;
  if (job.status === "deleted") {
    await s3.send(new DeleteObjectCommand({ Bucket: object.bucket, Key: object.key }));
    return;
  }
  // Which capture becomes the poster is decided when all are there: see collect.
  if (parsed.kind === "poster") return;
  if (job.attempt !== parsed.attempt || job.status === "canceled") return;
  if (job.landed.includes(parsed.label)) return;
  const rendition = await describe(object.bucket, object.key, job.attempt, parsed);
  if (!rendition) return;
  const recorded = await Table.transact([
    { Update: touch(job, recording([rendition])) },
    ...rows(job, [rendition]),
  ]);
  // Deleted between our reading and our writing: the tombstone is there now, and the object is late.
  if (!recorded) await land(object);
}

/** Describes what the encoder has written for this attempt and is not recorded yet. */
export async function collect(job: Row): Promise<Info[]> {
  const bucket = resource().Renditions.name;
  const missing = Key.EXPECTED.filter((label) => !job.landed.includes(label));
  const found = await Promise.all(
    missing.map(async (label) => {
      const key = label === "poster" ? await posterKey(bucket, job) : keyOf(job, label);
      const kind = label === "poster" ? ("poster" as const) : ("mp4" as const);
      return key === undefined ? undefined : describe(bucket, key, job.attempt, { label, kind });
    }),
  );
  return found.filter((rendition) => rendition !== undefined);
}

function keyOf(job: Row, label: Info["label"]): string {
  return Key.renditionKey(job.id, job.attempt, Key.safeName(job.fileName), label);
}

/** The key of the capture that becomes the poster. The others stay beside it until the job is deleted. */
async function posterKey(bucket: string, job: Row): Promise<string | undefined> {
  const Prefix = Key.capturePrefix(job.id, job.attempt, Key.safeName(job.fileName));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return pickPoster(Contents.map(({ Key = "", Size = 0 }) => ({ key: Key, sizeBytes: Size })))?.key;
}

/** What an update of the job must carry when these renditions are recorded. */
export function recording(renditions: Info[]): { set?: Table.Row; add?: Table.Row } {
  if (renditions.length === 0) return {};
  const poster = renditions.find((rendition) => rendition.kind === "poster");
  return {
    add: { landed: new Set(renditions.map((rendition) => rendition.label)) },
    ...(poster && { set: { posterKey: poster.key } }),
  };
}

/** The rows of these renditions, and their steps in the timeline. */
export function rows(job: Row, renditions: Info[]): Table.Write[] {
  return renditions.flatMap((rendition) => {
    const { label, attempt } = rendition;
    const time = rendition.time.landed;
    const detail = { label, sizeBytes: rendition.sizeBytes };
    return [
      Table.put({ ...Table.key.rendition(job.id, attempt, label), ...rendition }),
      step({ jobId: job.id, attempt, type: "rendition.landed", time, label, detail }),
    ];
  });
}

async function describe(
  bucket: string,
  key: string,
  attempt: number,
  is: Pick<Info, "label" | "kind">,
): Promise<Info | undefined> {
  const [head, probed] = await Promise.all([
    s3
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }))
      .catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    is.kind === "mp4" ? probe(`s3://${bucket}/${key}`) : undefined,
  ]);
  if (!head) return undefined;
  const media = probed?.media;
  return {
    label: is.label,
    kind: is.kind,
    attempt,
    key,
    sizeBytes: head.ContentLength ?? 0,
    checksum: checksumOf(head),
    ...(media && {
      container: media.container,
      videoCodec: media.videoCodec,
      width: media.width,
      height: media.height,
      frameRate: media.frameRate,
      durationSeconds: media.durationSeconds,
      ...(media.bitRate !== undefined && { bitRate: media.bitRate }),
      ...(media.audioCodec !== undefined && { audioCodec: media.audioCodec }),
    }),
    ...(probed?.videoProfile !== undefined && { videoProfile: probed.videoProfile }),
    // Not LastModified, whose whole seconds would stand before the step that came before.
    time: { landed: new Date().toISOString() },
  };
}

function checksumOf(head: {
  ChecksumCRC64NVME?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumSHA256?: string | undefined;
  ETag?: string | undefined;
}): string {
  if (head.ChecksumCRC64NVME) return `crc64nvme:${head.ChecksumCRC64NVME}`;
  if (head.ChecksumSHA256) return `sha256:${head.ChecksumSHA256}`;
  if (head.ChecksumCRC32C) return `crc32c:${head.ChecksumCRC32C}`;
  if (head.ChecksumCRC32) return `crc32:${head.ChecksumCRC32}`;
  return `etag:${bareEtag(head.ETag ?? "")}`;
}
