/** The object of a source in the uploads bucket, which another tool may replace or delete at any time. */
import { DeleteObjectCommand, GetObjectCommand, InvalidObjectState } from "@aws-sdk/client-s3";
import { headOf, isMissing, s3, statusOf } from "../storage.ts";
import { bareEtag, type SourceObject } from "./object.ts";
import type { Read } from "./read.ts";

/** `s3://bucket/key`, with the key unencoded. */
export function s3Url({ bucket, key }: { bucket: string; key: string }): string {
  return `s3://${bucket}/${key}`;
}

/** Whether the bucket still has this exact source. */
export async function stateOf(
  source: Omit<SourceObject, "sizeBytes">,
): Promise<"same" | "replaced" | "missing"> {
  const head = await headOf(source);
  if (!head) return "missing";
  return isSame(source, head.ETag) ? "same" : "replaced";
}

/** Deletes a source, unless another object has replaced it. */
export async function removeSource(source: Omit<SourceObject, "sizeBytes">): Promise<void> {
  if ((await stateOf(source)) !== "same") return;
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: source.bucket, Key: source.key }));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Bytes of this exact object. Undefined if it was deleted or replaced. See `isArchived` for what it may throw. */
export async function readRange(
  object: SourceObject,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    const result = await s3.send(
      new GetObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        Range: `bytes=${offset}-${offset + length - 1}`,
      }),
    );
    const bytes = await result.Body?.transformToByteArray();
    return isSame(object, result.ETag) ? bytes : undefined;
  } catch (error) {
    // 416 means that a shorter object has replaced it.
    if (isMissing(error) || statusOf(error) === 416) return undefined;
    throw error;
  }
}

/** True if S3 cannot read an object until it is restored from an archived storage class, such as Glacier. */
export function isArchived(error: unknown): boolean {
  return error instanceof InvalidObjectState;
}

/** Headers are read in blocks of some KiB, so that their contents need no further requests. */
const BLOCK_BYTES = 16 * 1024;

/** Reads an object in blocks and keeps them. `head` is its first block. */
export function blockReader(object: SourceObject, head: Uint8Array): Read {
  const blocks = new Map<number, Promise<Uint8Array>>([[0, Promise.resolve(head)]]);
  return async (offset, length) => {
    const end = Math.min(offset + length, object.sizeBytes);
    for (const [from, block] of blocks) {
      const bytes = offset >= from ? await block : undefined;
      if (bytes && end <= from + bytes.length) return bytes.subarray(offset - from, end - from);
    }
    const wanted = Math.min(Math.max(length, BLOCK_BYTES), object.sizeBytes - offset);
    const block = readRange(object, offset, wanted).then((bytes) => bytes ?? new Uint8Array());
    blocks.set(offset, block);
    return (await block).subarray(0, end - offset);
  };
}

/** Compared here and not with If-Match, so that both forms of an ETag work. Old events have none. */
function isSame({ etag }: { etag: string }, found: string | undefined): boolean {
  return etag === "" || bareEtag(found ?? "") === etag;
}
