import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { EncoderOutput } from "../encoder/update.ts";
import { expectedOf, folderOf, keyOf } from "../job/outputs.ts";
import type { Row } from "../job/row.ts";
import { stepOf } from "../job/timeline.ts";
import { transition } from "../job/transition.ts";
import * as Key from "../rendition/key.ts";
import { Info } from "../rendition/schema.ts";
import { resource } from "../resource.ts";
import { bareEtag, type SourceObject } from "../source/object.ts";
import { blockReader, readRange } from "../source/storage.ts";
import { isWhole } from "../source/whole.ts";
import { s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import { checkStream, type StreamState } from "./check-stream.ts";
import { compare, type Output } from "./compare.ts";

/** Enough for the headers of an MP4 of some minutes. */
const HEAD_BYTES = 16 * 1024;

/**
 * Moves a job to `checking`: the encoder has finished, and what it wrote is not yet checked. Changes nothing if the job
 * has that status or has ended.
 */
export async function beginCheck(job: Row, encoderJobId?: string): Promise<void> {
  if (job.status === "checking") return;
  await transition({
    row: job,
    to: "checking",
    set: encoderJobId === undefined ? {} : { encoderJobId },
    remove: ["waiting"],
    with: [stepOf(job, "job.checking")],
  });
}

/** What the bucket and the table have of an attempt's outputs. */
export interface Inspection {
  /** The objects of its folder, by key. */
  objects: Map<string, SourceObject & { isWhole: boolean }>;
  /** The files of its adaptive stream. */
  stream: StreamState | undefined;
  /** The renditions that were recorded before. */
  recorded: Info[];
}

/** Reads what is needed to check an attempt. It may run while other files are still being described. */
export async function inspectOutputs(job: Row): Promise<Inspection> {
  const { name } = resource().Renditions;
  const hasStream = expectedOf(job).includes("hls");
  const [objects, stream, recorded] = await Promise.all([
    objectsOf(job),
    hasStream ? checkStream(name, keyOf(job, "hls")) : undefined,
    recordedOf(job),
  ]);
  return { objects, stream, recorded };
}

/** Checks the outputs of an attempt. `described` are the renditions that are not recorded yet. */
export function checkOutputs(
  job: Row,
  { objects, stream, recorded }: Inspection,
  described: readonly Info[],
  reports: readonly EncoderOutput[],
): ReturnType<typeof compare> {
  const outputs = expectedOf(job).map((label): Output => {
    const found = [...described, ...recorded].find((one) => one.label === label);
    if (label === "hls") return streamOutput(found, stream);
    const object = found && objects.get(found.key);
    return {
      label,
      kind: Key.kindOf(label),
      sizeBytes: object?.sizeBytes,
      // An object that another one replaced after it was recorded is not the output that was described.
      isWhole: object?.isWhole === true && object.sizeBytes === found?.sizeBytes,
      media: found,
      reported: object && reports.find(({ url }) => url === `s3://${object.bucket}/${object.key}`),
    };
  });
  return compare(outputs, job.source.media);
}

function streamOutput(found: Info | undefined, stream: StreamState | undefined): Output {
  const { isWhole = false, durationSeconds, hasSound } = stream ?? {};
  return {
    label: "hls",
    kind: "hls",
    sizeBytes: stream && found?.sizeBytes,
    isWhole,
    // A stream with sound has AAC.
    media: found && { ...found, durationSeconds, audioCodec: hasSound ? "AAC" : undefined },
  };
}

/** Lists the folder of an attempt, without the files of its adaptive stream. */
async function objectsOf(job: Row): Promise<Inspection["objects"]> {
  const bucket = resource().Renditions.name;
  const Prefix = folderOf(job);
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: "/" }),
  );
  const objects = Contents.map(({ Key: key = "", Size = 0, ETag = "" }) => {
    return { bucket, key, sizeBytes: Size, etag: bareEtag(ETag) };
  });
  const checked = await Promise.all(
    objects.map(async (object) => ({ ...object, isWhole: await objectIsWhole(object) })),
  );
  return new Map(checked.map((object) => [object.key, object]));
}

/** Reads only headers, and nothing of a picture. */
async function objectIsWhole(object: SourceObject): Promise<boolean> {
  if (object.sizeBytes === 0 || !/\.(mp4|m4a)$/.test(object.key)) return object.sizeBytes > 0;
  const head = await readRange(object, 0, HEAD_BYTES);
  return head !== undefined && isWhole("iso", object.sizeBytes, blockReader(object, head));
}

async function recordedOf(job: Row): Promise<Info[]> {
  const rows = await Promise.all(
    job.landed.map((label) => Table.get(Table.key.rendition(job.id, job.attempt, label))),
  );
  return rows.flatMap((row) => (row ? [Info.parse(row)] : []));
}
