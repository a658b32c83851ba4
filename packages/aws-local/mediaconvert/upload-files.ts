import { stat } from "node:fs/promises";
import { CopyObjectCommand } from "@aws-sdk/client-s3";
import { isDiskFull, retryWhenSpace } from "./disk.ts";
import type { EncodeRun } from "./encode-run.ts";
import { fromS3, JOB_ERRORS } from "./errors.ts";
import type { OutputFile } from "./output-files.ts";
import { putObject } from "./put-object.ts";

/** S3's limit for one CopyObject. */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

/**
 * Uploads the outputs to their buckets. Outputs that are the same file are uploaded once and then copied in the
 * bucket, where the copies can share the storage.
 */
export async function uploadFiles(run: EncodeRun, files: OutputFile[]): Promise<void> {
  const byPath = Map.groupBy(files, ({ path, output }) => `${output.bucket} ${path}`);
  await Promise.all(Array.from(byPath.values(), (same) => uploadSame(run, same)));
}

async function uploadSame(run: EncodeRun, [first, ...copies]: OutputFile[]): Promise<void> {
  if (!first) return;
  const { size } = await stat(first.path);
  // The bucket needs as much space as the file.
  await whenSpace(run, size, () => upload(run, first, size));
  for (const copy of copies) {
    const isTooLarge = size > MAX_COPY_BYTES;
    await whenSpace(run, isTooLarge ? size : 0, () =>
      isTooLarge ? upload(run, copy, size) : copyObject(run, first, copy),
    );
  }
}

const whenSpace = (
  { encoder, signal, listener }: EncodeRun,
  bytes: number,
  work: () => Promise<void>,
) =>
  retryWhenSpace(work, {
    folder: encoder.workFolder,
    needBytes: () => bytes,
    signal,
    onWaiting: listener.onWaiting,
  });

/**
 * Uploads an output, and probes a video at the same time: its event and the end of the job both need the
 * result, and should not wait for it.
 */
async function upload(
  { encoder, signal }: EncodeRun,
  { output, path, key }: OutputFile,
  bytes: number,
): Promise<void> {
  const media = output.capture ? undefined : encoder.inputs.file(path);
  // If this fails, the object is probed later.
  media?.catch(() => {});
  const { bucket, contentType } = output;
  const etag = await putObject(encoder.s3, { bucket, key, contentType }, { path, bytes }, signal);
  if (!media) return;
  encoder.inputs.remember(`s3://${bucket}/${key}`, etag, media);
  // The file must exist until the probe ends. Probes of the object wait for it.
  await media.catch(() => {});
}

async function copyObject(
  { encoder, signal }: EncodeRun,
  first: OutputFile,
  { output, path, key }: OutputFile,
): Promise<void> {
  const { bucket } = output;
  const copy = new CopyObjectCommand({
    Bucket: bucket,
    Key: key,
    CopySource: encodeURIComponent(`${bucket}/${first.key}`),
  });
  const media = encoder.inputs.file(path);
  media.catch(() => {});
  try {
    const { CopyObjectResult } = await encoder.s3.send(copy, { abortSignal: signal });
    encoder.inputs.remember(`s3://${bucket}/${key}`, CopyObjectResult?.ETag ?? "", media);
  } catch (error) {
    signal.throwIfAborted();
    if (isDiskFull(error)) throw error;
    throw fromS3(error, `s3://${bucket}/${key}`, JOB_ERRORS.write);
  }
  await media.catch(() => {});
}
