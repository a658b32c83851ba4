import { stat } from "node:fs/promises";
import { CopyObjectCommand } from "@aws-sdk/client-s3";
import { isDiskFull, retryWhenSpace } from "./disk.ts";
import type { EncodeRun } from "./encode-run.ts";
import { fromS3, JOB_ERRORS } from "./errors.ts";
import type { MediaInfo } from "./media.ts";
import type { OutputFile } from "./output-files.ts";
import { readOutput } from "./output-media.ts";
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
  // The events and the end of the job need the probe of a video, and should not wait for it.
  const media = first.output.capture ? undefined : readOutput(first.path);
  // If it fails, the objects are probed later.
  const probed = media?.catch(() => {});
  // The bucket needs as much space as the file.
  await whenSpace(run, size, () => upload(run, first, { size, media }));
  for (const copy of copies) {
    const isTooLarge = size > MAX_COPY_BYTES;
    await whenSpace(run, isTooLarge ? size : 0, () =>
      isTooLarge ? upload(run, copy, { size, media }) : copyObject(run, first, { copy, media }),
    );
  }
  // The file must exist until the probe ends. Probes of the objects wait for it.
  await probed;
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

async function upload(
  { encoder, signal }: EncodeRun,
  { output, path, key }: OutputFile,
  { size: bytes, media }: { size: number; media?: Promise<MediaInfo> },
): Promise<void> {
  const { bucket, contentType } = output;
  const etag = await putObject(encoder.s3, { bucket, key, contentType }, { path, bytes }, signal);
  if (media) encoder.inputs.remember(`s3://${bucket}/${key}`, etag, media);
}

async function copyObject(
  { encoder, signal }: EncodeRun,
  first: OutputFile,
  { copy, media }: { copy: OutputFile; media?: Promise<MediaInfo> },
): Promise<void> {
  const { key, output } = copy;
  const { bucket } = output;
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: key,
    CopySource: encodeURIComponent(`${bucket}/${first.key}`),
  });
  const url = `s3://${bucket}/${key}`;
  try {
    const { CopyObjectResult } = await encoder.s3.send(command, { abortSignal: signal });
    if (media) encoder.inputs.remember(url, CopyObjectResult?.ETag ?? "", media);
  } catch (error) {
    signal.throwIfAborted();
    if (isDiskFull(error)) throw error;
    throw fromS3(error, url, JOB_ERRORS.write);
  }
}
