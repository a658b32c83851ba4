import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { resource } from "./resource.ts";

export const s3 = new S3Client({});

let browsers: S3Client | undefined;

/**
 * Signs requests of browsers, for the URL under which they reach the buckets. Without WHEN_REQUIRED the SDK signs the
 * checksum of an empty body into the URL, and S3 then rejects every body.
 */
export function signer(): S3Client {
  const { bucketUrl } = resource().Settings;
  browsers ??= new S3Client({
    requestChecksumCalculation: "WHEN_REQUIRED",
    ...(bucketUrl !== undefined && { endpoint: bucketUrl, forcePathStyle: true }),
  });
  return browsers;
}

const STEP_MS = 30 * 60_000;

/** A signature takes about half a millisecond, and an open player requests URLs repeatedly. */
const signed = new Map<string, { url: string; expires: string }>();
const MOST_SIGNED = 5_000;

/**
 * A GET URL of a source, valid for one to one and a half hours, because a download may begin late. Its time is rounded
 * down to half hours, so that repeated calls return the same signature. For renditions, see media.ts.
 */
export async function readUrl(input: {
  bucket: string;
  key: string;
  /** Downloads under this name instead of playing. */
  attachmentName?: string;
  now?: number;
}): Promise<{ url: string; expires: string }> {
  const signingDate = new Date(Math.floor((input.now ?? Date.now()) / STEP_MS) * STEP_MS);
  const { bucket, key, attachmentName } = input;
  const of = JSON.stringify([signingDate.getTime(), bucket, key, attachmentName]);
  const known = signed.get(of);
  if (known) return known;
  const expiresIn = (STEP_MS * 3) / 1000;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentDisposition:
      attachmentName === undefined ? undefined : attachment(attachmentName),
  });
  const url = await getSignedUrl(signer(), command, { signingDate, expiresIn });
  const expires = new Date(signingDate.getTime() + expiresIn * 1000).toISOString();
  const [oldest] = signed.keys();
  if (oldest !== undefined && signed.size >= MOST_SIGNED) signed.delete(oldest);
  signed.set(of, { url, expires });
  return { url, expires };
}

/** A GET URL that plays a source until this second, as this media type. */
export async function playUrl(input: {
  bucket: string;
  key: string;
  mediaType: string;
  now: number;
  ends: Date;
}): Promise<string> {
  const [ResponseContentType] = input.mediaType.split(";");
  const command = new GetObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    ResponseContentType,
    // The upload was stored as a download.
    ResponseContentDisposition: "inline",
  });
  // S3 counts from whole seconds.
  const signingDate = new Date(Math.floor(input.now / 1000) * 1000);
  const expiresIn = Math.floor((input.ends.getTime() - signingDate.getTime()) / 1000);
  return getSignedUrl(signer(), command, { signingDate, expiresIn });
}

/** RFC 6266 with the RFC 5987 form, which supports every character. */
export function attachment(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}

/** The metadata of an object. Undefined if it does not exist. */
export async function headOf(
  object: { bucket: string; key: string },
  ChecksumMode?: "ENABLED",
): Promise<HeadObjectCommandOutput | undefined> {
  const { bucket: Bucket, key: Key } = object;
  try {
    return await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The checksum that S3 has stored with an object, with the name of its algorithm, such as `crc64nvme:…`. */
export function checksumOf(head: HeadObjectCommandOutput): string {
  if (head.ChecksumCRC64NVME) return `crc64nvme:${head.ChecksumCRC64NVME}`;
  if (head.ChecksumSHA256) return `sha256:${head.ChecksumSHA256}`;
  if (head.ChecksumCRC32C) return `crc32c:${head.ChecksumCRC32C}`;
  if (head.ChecksumCRC32) return `crc32:${head.ChecksumCRC32}`;
  return `etag:${head.ETag?.replaceAll('"', "") ?? ""}`;
}

/** A small text object. Undefined if it does not exist, or is larger than `mostBytes`. */
export async function readText(object: {
  bucket: string;
  key: string;
  mostBytes: number;
}): Promise<{ text: string; etag: string } | undefined> {
  const { bucket: Bucket, key: Key, mostBytes } = object;
  try {
    const read = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (!read.Body || (read.ContentLength ?? 0) > mostBytes) return undefined;
    return { text: await read.Body.transformToString(), etag: read.ETag ?? "" };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The keys and bytes of all objects whose key starts with `prefix`. */
export async function* objectsIn(
  bucket: string,
  prefix: string,
): AsyncGenerator<{ key: string; sizeBytes: number }> {
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: from }),
    );
    for (const { Key = "", Size = 0 } of page.Contents ?? []) yield { key: Key, sizeBytes: Size };
    from = page.NextContinuationToken;
  } while (from !== undefined);
}

/** The bytes of all objects whose key starts with `prefix`. */
export async function sizeOf(bucket: string, prefix: string): Promise<number> {
  let bytes = 0;
  for await (const { sizeBytes } of objectsIn(bucket, prefix)) bytes += sizeBytes;
  return bytes;
}

/**
 * Deletes every object whose key starts with `prefix`, 1,000 with each request. Returns false if some are left at the
 * time `until`: call it again.
 */
export async function removePrefix(
  bucket: string,
  prefix: string,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  while (Date.now() < until) {
    // From the start each time: the listed objects are deleted, and a late object may sort anywhere.
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const objects = (page.Contents ?? []).flatMap(({ Key }) => (Key ? [{ Key }] : []));
    if (objects.length === 0) return true;
    const result = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    const [failed] = result.Errors ?? [];
    if (failed) throw new Error(`S3 kept ${failed.Key}: ${failed.Code} ${failed.Message}`);
  }
  return false;
}

/** True if S3 reports that the object, upload or bucket does not exist. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    (["NotFound", "NoSuchKey", "NoSuchUpload"].includes(error.name) || statusOf(error) === 404)
  );
}

/** The HTTP status of an AWS error, if it has one. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
