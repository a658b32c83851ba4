import { PutObjectCommand } from "@aws-sdk/client-s3";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as Id from "@rushes/core/id";
import { indexes } from "@rushes/core/job/row";
import type { Status } from "@rushes/core/job/status";
import { bareEtag } from "@rushes/core/source/object";
import { s3 } from "@rushes/core/storage";
import * as Table from "@rushes/core/table/index";

/** Index attributes that make reconcile handle the row on its next run. */
export const dueNow = (kind: Parameters<typeof Table.due>[0], id: string) =>
  Table.index.due(kind, id, new Date(Date.now() - 1000).toISOString());

/** Changes attributes of a row. */
export const change = (key: Record<string, unknown>, set: Record<string, unknown>) =>
  Table.apply(Table.update({ key, set }));

/** A job's row as the pipeline writes it. Give only the fields that matter to the test. */
export function jobRow(
  fields: {
    title?: string;
    status?: Status;
    created?: number;
    ownerId?: string;
    sizeBytes?: number;
    durationSeconds?: number;
  } = {},
) {
  const { title = "clip.mp4", status = "complete", created = Date.now() } = fields;
  const { sizeBytes = 1_000_000, durationSeconds = 30 } = fields;
  const ownerId = fields.ownerId ?? "local";
  const id = Id.create.job(created);
  const time = new Date(created).toISOString();
  return {
    ...Table.key.job(id),
    id,
    ownerId,
    ownerEmail: "you@example.com",
    title,
    fileName: title,
    source: {
      bucket: "rushes-uploads",
      key: `${id}.mp4`,
      sizeBytes,
      etag: "0123456789abcdef0123456789abcdef",
      sequencer: "00",
      media: {
        container: "mp4",
        durationSeconds,
        width: 1920,
        height: 1080,
        frameRate: 30,
        videoCodec: "AVC",
      },
    },
    attempt: 1,
    status,
    progressPercent: status === "complete" ? 100 : 0,
    encoderJobId: "1700000000000-abcdef",
    ...(status === "complete" && {
      landed: new Set(["1080p", "720p", "web-720p", "poster"]),
      posterKey: `media/${id}/1/clip/clip-poster.0000000.jpg`,
    }),
    submitTries: 1,
    time: { created: time, updated: time },
    ...indexes({ id, ownerId, title, status, now: created }),
  };
}

/** Puts an object into the bucket as the source of the row. It is no video, unless `body` is one. */
export async function withSource<R extends ReturnType<typeof jobRow>>(
  row: R,
  body: Uint8Array | string = "hello",
): Promise<R> {
  const { bucket: Bucket, key: Key } = row.source;
  const { ETag = "" } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: body }));
  return { ...row, source: { ...row.source, etag: bareEtag(ETag) } };
}

/** Writes rows, `width` batches at a time. */
export async function fill(rows: Iterable<Table.Row>, width = 4): Promise<void> {
  const iterator = rows[Symbol.iterator]();
  const worker = async () => {
    for (;;) {
      const batch: Table.Row[] = [];
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        batch.push(next.value);
        if (batch.length === 25) break;
      }
      if (batch.length === 0) return;
      let requests = batch.map((Item) => ({ PutRequest: { Item } }));
      while (requests.length > 0) {
        const answer = await Table.client.send(
          new BatchWriteCommand({ RequestItems: { [Table.tableName()]: requests } }),
        );
        requests = (answer.UnprocessedItems?.[Table.tableName()] ?? []).flatMap(({ PutRequest }) =>
          PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
        );
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
