import { createHash, randomBytes } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, serve } from "@rushes/testing/s3";
import { expect, test } from "vitest";

const MIB = 1024 ** 2;
const bytes = randomBytes(6 * MIB);
const md5 = (data: Buffer) => createHash("md5").update(data).digest("hex");
const copy = { Bucket: BUCKET, Key: "copy.mov" };
const crc64 = { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" } as const;

/** Uploads `bytes` as an object of two parts, 5 MiB and 1 MiB. */
async function putInParts(client: S3Client, Key: string): Promise<void> {
  const object = { Bucket: BUCKET, Key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
  const part = async (PartNumber: number, Body: Buffer) => {
    const command = new UploadPartCommand({ ...object, UploadId, PartNumber, Body });
    return { PartNumber, ETag: (await client.send(command)).ETag };
  };
  const Parts = [await part(1, bytes.subarray(0, 5 * MIB)), await part(2, bytes.subarray(5 * MIB))];
  await client.send(
    new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }),
  );
}

test("copies a range over the parts of its source, with ETags and a checksum of its own", async () => {
  const { client } = await serve();
  await putInParts(client, "long.mov");
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...copy, ...crc64 }));
  const copyRange = async (PartNumber: number, first: number, last: number) => {
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...copy,
        UploadId,
        PartNumber,
        CopySource: `${BUCKET}/long.mov`,
        CopySourceRange: `bytes=${first}-${last}`,
      }),
    );
    const { ETag, ChecksumCRC64NVME } = CopyPartResult ?? {};
    expect(ETag).toBe(`"${md5(bytes.subarray(first, last + 1))}"`);
    return { PartNumber, ETag, ChecksumCRC64NVME };
  };
  const end = 5 * MIB + 100;
  const Parts = [await copyRange(1, 50, end), await copyRange(2, end + 1, 6 * MIB - 1)];
  await client.send(
    new CompleteMultipartUploadCommand({ ...copy, UploadId, MultipartUpload: { Parts } }),
  );
  const { Body } = await client.send(new GetObjectCommand(copy));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes.subarray(50))).toBe(
    true,
  );
  const plain = { Bucket: BUCKET, Key: "plain.mov", Body: bytes.subarray(50) };
  const { ChecksumCRC64NVME } = await client.send(
    new PutObjectCommand({ ...plain, ChecksumAlgorithm: "CRC64NVME" }),
  );
  const head = await client.send(new HeadObjectCommand({ ...copy, ChecksumMode: "ENABLED" }));
  expect(head.ChecksumCRC64NVME).toBe(ChecksumCRC64NVME);
});

test("rejects a range outside of the source, a missing source, and an upload that ended", async () => {
  const { client } = await serve();
  const source = { Bucket: BUCKET, Key: "short.mov" };
  const { ETag } = await client.send(new PutObjectCommand({ ...source, Body: "0123456789" }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(copy));
  const send = (more: object) =>
    client.send(
      new UploadPartCopyCommand({
        ...copy,
        UploadId,
        PartNumber: 1,
        CopySource: `${BUCKET}/short.mov`,
        ...more,
      }),
    );
  for (const CopySourceRange of ["bytes=0-10", "bytes=5-4", "bytes=-3", "bytes=3-", "0-3"]) {
    await expect(send({ CopySourceRange })).rejects.toMatchObject({ name: "InvalidArgument" });
  }
  for (const [more, name] of [
    [{ CopySource: `${BUCKET}/absent.mov` }, "NoSuchKey"],
    [{ CopySource: "absent/short.mov" }, "NoSuchBucket"],
    [{ CopySourceIfMatch: "other" }, "PreconditionFailed"],
    [{ UploadId: "ended" }, "NoSuchUpload"],
    [{ PartNumber: 10_001 }, "InvalidArgument"],
  ] as const) {
    await expect(send(more)).rejects.toMatchObject({ name });
  }
  const { CopyPartResult } = await send({ CopySourceIfMatch: ETag });
  expect(CopyPartResult?.ETag).toBe(`"${md5(Buffer.from("0123456789"))}"`);
});
