/** Tests which object at an upload's key completes the upload. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { change } from "../../rows.ts";

const BYTES = "hello";
const { core } = await startCore();

/** A multipart upload of one part, which has arrived. Its plan is changed, because real parts have at least 5 MiB. */
async function sent(name: string) {
  const files = [{ name, sizeBytes: BYTES.length, contentType: "video/mp4" }];
  const [created] = await core.asOwner(() => core.upload.create({ files }));
  if (!created?.upload) throw new Error("The upload was rejected.");
  const { id } = created.upload;
  const object = { Bucket: "rushes-uploads", Key: `${id}/${name}` };
  const checksum = { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" } as const;
  const begun = await core.storage.s3.send(
    new CreateMultipartUploadCommand({ ...object, ...checksum }),
  );
  const plan = { kind: "multipart", partSizeBytes: BYTES.length, partCount: 1 };
  await change(core.table.key.upload(id), { plan, multipartId: begun.UploadId });
  const [request] = await core.asOwner(() => core.upload.sign({ id, partNumbers: [1] }));
  expect((await fetch(request?.url ?? "", { method: "PUT", body: BYTES })).status).toBe(200);
  return { id, object };
}

const complete = (id: Parameters<typeof core.upload.complete>[0], crc64nvme?: string) =>
  core.asOwner(() => core.upload.complete(id, crc64nvme));

test("rejects a part whose bytes or header differ from the signed checksum", async () => {
  const { id } = await sent("part.mp4");
  const parts = [{ partNumber: 1, crc64nvme: await crc64Of(new Blob([BYTES])) }];
  const [request] = await core.asOwner(() => core.upload.sign({ id, parts }));
  expect(Object.keys(request?.headers ?? {})).toEqual(["x-amz-checksum-crc64nvme"]);
  const put = async (body: string, headers = request?.headers) => {
    const answer = await fetch(request?.url ?? "", { method: "PUT", body, headers });
    return [answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]];
  };
  expect(await put("HELLO")).toEqual([400, "BadDigest"]);
  expect(await put(BYTES, {})).toEqual([403, expect.any(String)]);
  expect(await put(BYTES)).toEqual([200, undefined]);
  const [stored] = await core.asOwner(() => core.upload.parts(id));
  expect(stored).toMatchObject(parts[0] ?? {});
});

test("completes a multipart upload only with the checksum of its parts", async () => {
  const { id } = await sent("whole.mp4");
  await expect(complete(id, "AAAAAAAAAAA=")).rejects.toMatchObject({ code: "upload.incomplete" });
  const crc64nvme = await crc64Of(new Blob([BYTES]));
  expect(await complete(id, crc64nvme)).toMatchObject({ status: "completing" });
});

test("rejects another tool's object of the same size at the key of a multipart upload", async () => {
  const { id, object } = await sent("other.mp4");
  await core.storage.s3.send(new PutObjectCommand({ ...object, Body: "HELLO" }));
  await expect(complete(id)).rejects.toMatchObject({ code: "upload.checksum" });
});

test("accepts an object with the same parts at the key of a multipart upload", async () => {
  const { id, object } = await sent("same.mp4");
  const { UploadId } = await core.storage.s3.send(new CreateMultipartUploadCommand(object));
  const part = { ...object, UploadId, PartNumber: 1 };
  const { ETag } = await core.storage.s3.send(new UploadPartCommand({ ...part, Body: BYTES }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await core.storage.s3.send(
    new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }),
  );
  expect(await complete(id)).toMatchObject({ status: "completing" });
});
