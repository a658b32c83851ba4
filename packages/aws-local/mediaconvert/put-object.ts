import { createReadStream, type ReadStream } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { isDiskFull } from "./disk.ts";
import { fromS3, JOB_ERRORS, s3Fault } from "./errors.ts";

/** Larger objects are uploaded in parts. S3 accepts at most 5 GiB in one request. */
const LIMITS = { singleLimitBytes: 4 * 1024 ** 3, partBytes: 512 * 1024 ** 2 };
const READ_BYTES = 1024 * 1024;
/** With pauses of up to two seconds, enough for ten seconds without S3. */
const MAX_ATTEMPTS = 10;

export interface ObjectTarget {
  bucket: string;
  key: string;
  contentType: string;
  cacheControl?: string;
}

/** A file, or a part of one. */
interface FileRange {
  path: string;
  start?: number;
  bytes: number;
}
export type ObjectBody = string | FileRange;

/** Uploads one object. Returns its ETag. @throws JobError 1401, 1404 or 1517 */
export async function putObject(
  s3: S3Client,
  { bucket, key, contentType, cacheControl }: ObjectTarget,
  body: ObjectBody,
  signal: AbortSignal,
  { singleLimitBytes, partBytes } = LIMITS,
): Promise<string> {
  const target = {
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    CacheControl: cacheControl,
  };
  try {
    if (typeof body === "string" || body.bytes === 0) {
      const text = new PutObjectCommand({ ...target, Body: typeof body === "string" ? body : "" });
      return (await s3.send(text, { abortSignal: signal })).ETag ?? "";
    }
    if (body.bytes > singleLimitBytes) return await putParts(s3, target, body, partBytes, signal);
    const { path, start = 0, bytes } = body;
    const { ETag = "" } = await sendFile(
      () => createReadStream(path, { start, end: start + bytes - 1, highWaterMark: READ_BYTES }),
      (Body) => {
        const command = new PutObjectCommand({ ...target, ContentLength: bytes, Body });
        return s3.send(command, { abortSignal: signal });
      },
      signal,
    );
    return ETag;
  } catch (error) {
    signal.throwIfAborted();
    if (isDiskFull(error)) throw error;
    throw fromS3(error, `s3://${bucket}/${key}`, JOB_ERRORS.write);
  }
}

/**
 * Sends a request with a file as its body, again if S3 did not answer. The SDK repeats every other request itself, but
 * not a stream. A busy machine needs it: after a long encode, S3 may close an idle connection just when it is used.
 */
async function sendFile<R>(
  open: () => ReadStream,
  send: (body: ReadStream) => Promise<R>,
  signal: AbortSignal,
): Promise<R> {
  for (let attempt = 1, pauseMs = 100; ; attempt++, pauseMs = Math.min(2000, pauseMs * 2)) {
    const body = open();
    try {
      return await send(body);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === MAX_ATTEMPTS || isDiskFull(error) || !isTransient(error)) throw error;
    } finally {
      body.destroy();
    }
    await delay(pauseMs, undefined, { signal });
  }
}

/** True without an answer, and for one that S3 gives to requests that may succeed later. */
function isTransient(error: unknown): boolean {
  const { name, status } = s3Fault(error);
  return status === undefined || status >= 500 || name === "RequestTimeout";
}

async function putParts(
  s3: S3Client,
  target: { Bucket: string; Key: string; ContentType: string },
  { path, bytes: size }: FileRange,
  partBytes: number,
  abortSignal: AbortSignal,
): Promise<string> {
  const { Bucket, Key } = target;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target), { abortSignal });
  try {
    const Parts: { PartNumber: number; ETag?: string }[] = [];
    for (let start = 0, PartNumber = 1; start < size; start += partBytes, PartNumber++) {
      const end = Math.min(size, start + partBytes) - 1;
      const fixed = { Bucket, Key, UploadId, PartNumber, ContentLength: end - start + 1 };
      const { ETag } = await sendFile(
        () => createReadStream(path, { start, end, highWaterMark: READ_BYTES }),
        (Body) => s3.send(new UploadPartCommand({ ...fixed, Body }), { abortSignal }),
        abortSignal,
      );
      Parts.push({ PartNumber, ETag });
    }
    const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    const completed = await s3.send(new CompleteMultipartUploadCommand(complete), { abortSignal });
    return completed.ETag ?? "";
  } catch (error) {
    // If this fails too, the bucket's lifecycle rule removes the upload.
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
    throw error;
  }
}
