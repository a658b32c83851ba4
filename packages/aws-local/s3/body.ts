/** Stores a request's body as a blob, and compares it with what the request declares. */
import { createHash } from "node:crypto";
import type { BlobFile } from "./blobs.ts";
import { type BodyHeaders, readBodyHeaders } from "./body-headers.ts";
import { BodyWriter } from "./body-writer.ts";
import { type Algorithm, type Checksum, createHasher } from "./checksum.ts";
import type { Context } from "./context.ts";
import { S3Error } from "./errors.ts";
import type { Extent } from "./rows.ts";

export interface ReceivedBody {
  sizeBytes: number;
  /** MD5 of the bytes in hex. */
  etag: string;
  checksum?: Checksum;
  /** None for an empty body. */
  extent?: Extent;
  /** Removes the blob, if its row was not written. */
  discard(): Promise<void>;
}

/**
 * Stores the body and checks its length and digests. It is on the disk when this resolves.
 *
 * @param compute a checksum to compute even if the request declares none
 * @throws S3Error BadDigest, IncompleteBody, EntityTooLarge, InsufficientStorage and others
 */
export async function receiveBody(context: Context, compute?: Algorithm): Promise<ReceivedBody> {
  const headers = readBodyHeaders(context);
  const algorithm = headers.checksum?.algorithm ?? compute;
  const hashes = {
    md5: createHash("md5"),
    sha256: headers.sha256 ? createHash("sha256") : undefined,
    checksum: algorithm && (await createHasher(algorithm)),
  };
  return storeBlob(context, headers.sizeBytes, async (file) => {
    const { sizeBytes, trailers } = await new BodyWriter(context, headers, hashes, file).run();
    const md5 = hashes.md5.digest();
    const value = hashes.checksum?.digest();
    const sha256 = hashes.sha256?.digest("hex");
    checkDigests(headers, { md5: md5.toString("base64"), sha256, checksum: value, trailers });
    const checksum = checksumOf(algorithm, value);
    return { sizeBytes, etag: md5.toString("hex"), checksum };
  });
}

/** The checksum of a whole body, if one was computed. */
export const checksumOf = (algorithm?: Algorithm, value?: string): ReceivedBody["checksum"] =>
  algorithm && value ? { algorithm, value, type: "FULL_OBJECT" } : undefined;

/**
 * Creates a blob, lets `write` fill it, and makes its bytes durable. If that fails, nothing is left. A body without bytes
 * has no blob.
 *
 * @throws S3Error InsufficientStorage and what `write` throws
 */
export async function storeBlob(
  { blobs }: Pick<Context, "blobs">,
  expectedBytes: number,
  write: (file: BlobFile) => Promise<Omit<ReceivedBody, "extent" | "discard">>,
): Promise<ReceivedBody> {
  await blobs.assertRoomFor(expectedBytes);
  const blob = blobs.newId();
  const discard = () => blobs.remove([blob]);
  const file = await blobs.create(blob);
  try {
    const written = await write(file);
    const { sizeBytes, etag } = written;
    if (sizeBytes > 0) await file.sync();
    await file.close();
    if (sizeBytes === 0) await discard();
    const extent = sizeBytes > 0 ? { blob, sizeBytes, md5: etag } : undefined;
    return { ...written, extent, discard };
  } catch (error) {
    await file.close().catch(() => {});
    await discard();
    throw error;
  }
}

interface Digests {
  md5: string;
  sha256?: string;
  checksum?: string;
  trailers: Map<string, string>;
}

function checkDigests(declared: BodyHeaders, computed: Digests): void {
  if (declared.md5 !== undefined && declared.md5 !== computed.md5) {
    throw new S3Error(
      "BadDigest",
      "The Content-MD5 you specified did not match what we received.",
      { ExpectedDigest: declared.md5, CalculatedDigest: computed.md5 },
    );
  }
  if (declared.sha256 !== undefined && declared.sha256 !== computed.sha256) {
    throw new S3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (!declared.checksum) return;
  const { algorithm, header } = declared.checksum;
  const value = declared.checksum.value ?? computed.trailers.get(header);
  if (value === undefined) {
    throw new S3Error("MalformedTrailerError", `The trailer ${header} is missing.`);
  }
  if (value !== computed.checksum) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  }
}
