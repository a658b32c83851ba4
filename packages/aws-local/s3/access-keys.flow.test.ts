import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { AccessKey } from "@rushes/aws-local/s3/index";
import { BUCKET, clientOf, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";

const secretOf = (owner: string) => `the secret of ${owner}`;
const keys = new Map<string, AccessKey>(
  ["ann", "ben"].map((ownerId) => [
    `KEY${ownerId}`,
    { secretAccessKey: secretOf(ownerId), ownerId, bucket: BUCKET, reservedPrefix: "upl_" },
  ]),
);
const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
const MINIMUM_PART = Buffer.alloc(5 * 1024 ** 2);

const clientFor = (url: string, owner: string) => {
  const credentials = { accessKeyId: `KEY${owner}`, secretAccessKey: secretOf(owner) };
  return clientOf(url, { credentials, maxAttempts: 1 });
};

/** A server with an object in each bucket, and the clients of two people's keys. */
async function open() {
  const served = await serve({ findAccessKey: async (id) => keys.get(id) });
  for (const Bucket of [BUCKET, "plain"]) {
    await served.client.send(new PutObjectCommand({ Bucket, Key: "app.mov", Body: "of the app" }));
  }
  const { url } = served;
  return { ...served, ann: clientFor(url, "ann"), ben: clientFor(url, "ben") };
}

/** Everything that the buckets contain. */
async function contents(client: S3Client): Promise<string[]> {
  const found: string[] = [];
  for (const Bucket of [BUCKET, "plain"]) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key, ETag, LastModified } of Contents) {
      found.push(`${Bucket}/${Key} ${ETag} ${LastModified?.toISOString()}`);
    }
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    for (const { Key, UploadId } of Uploads) {
      const of = { Bucket, Key, UploadId };
      const { Parts = [] } = await client.send(new ListPartsCommand(of));
      found.push(`${Bucket}/${Key} ${UploadId} ${Parts.map(({ ETag }) => ETag)}`);
    }
  }
  return found;
}

const at = (Key: string) => ({ Bucket: BUCKET, Key });

test("a person's key lists its bucket, and puts, replaces and copies objects of its owner", async () => {
  const { ann, events } = await open();
  await ann.send(new PutObjectCommand({ ...at("a.mov"), Body: "first" }));
  await ann.send(new PutObjectCommand({ ...at("a.mov"), Body: "second" }));
  const CopySource = `${BUCKET}/a.mov`;
  await ann.send(new CopyObjectCommand({ ...at("b.mov"), CopySource }));
  const { UploadId } = await ann.send(new CreateMultipartUploadCommand(at("c.mov")));
  const of = { ...at("c.mov"), UploadId };
  await ann.send(new UploadPartCommand({ ...of, PartNumber: 1, Body: MINIMUM_PART }));
  await ann.send(new UploadPartCopyCommand({ ...of, PartNumber: 2, CopySource }));
  await ann.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  const { Parts } = await ann.send(new ListPartsCommand(of));
  await ann.send(new CompleteMultipartUploadCommand({ ...of, MultipartUpload: { Parts } }));
  const other = await ann.send(new CreateMultipartUploadCommand(at("d.mov")));
  const aborted = { ...at("d.mov"), UploadId: other.UploadId };
  await ann.send(new AbortMultipartUploadCommand(aborted));
  expect(await ann.send(new HeadObjectCommand(at("app.mov")))).toMatchObject({ ContentLength: 10 });
  const { Contents = [] } = await ann.send(new ListObjectsCommand({ Bucket: BUCKET }));
  expect(Contents.map(({ Key }) => Key)).toEqual(["a.mov", "app.mov", "b.mov", "c.mov"]);
  await until(() => events.length === 5);
  expect(events.map(({ key, principalId }) => `${key} ${principalId}`).sort()).toEqual([
    "a.mov AWS:ann",
    "a.mov AWS:ann",
    "app.mov AWS:000000000000",
    "b.mov AWS:ann",
    "c.mov AWS:ann",
  ]);
});

test("a presigned URL of a person's key puts an object of its owner", async () => {
  const { url, events } = await open();
  const signer = clientOf(url, {
    credentials: { accessKeyId: "KEYann", secretAccessKey: secretOf("ann") },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const address = await getSignedUrl(signer, new PutObjectCommand(at("signed.mov")));
  expect((await fetch(address, { method: "PUT", body: "bytes" })).status).toBe(200);
  await until(() => events.some(({ principalId }) => principalId === "AWS:ann"));
});

const other = { Bucket: "plain", Key: "app.mov" };
const unknown = { Bucket: "unknown", Key: "app.mov" };
const copy = (CopySource: string, Key = "copy.mov") =>
  new CopyObjectCommand({ ...at(Key), CopySource });
const replace = { Body: "another" };
const DENIED: Record<string, (client: S3Client, uploadId: string) => Promise<unknown>> = {
  "list buckets": (client) => client.send(new ListBucketsCommand()),
  "read an object": (client) => client.send(new GetObjectCommand(at("ann.mov"))),
  "read the ACL of an object": (client) => client.send(new GetObjectAclCommand(at("ann.mov"))),
  "read the ACL of the bucket": (client) =>
    client.send(new GetBucketAclCommand({ Bucket: BUCKET })),
  "read the CORS rules of the bucket": (client) =>
    client.send(new GetBucketCorsCommand({ Bucket: BUCKET })),
  "delete an object": (client) => client.send(new DeleteObjectCommand(at("ann.mov"))),
  "delete several objects": (client) =>
    client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "ann.mov" }] } }),
    ),
  "list another bucket": (client) => client.send(new ListObjectsV2Command({ Bucket: "plain" })),
  "list a bucket that does not exist": (client) =>
    client.send(new ListObjectsV2Command({ Bucket: "unknown" })),
  "put into another bucket": (client) =>
    client.send(new PutObjectCommand({ ...other, ...replace })),
  "put into a bucket that does not exist": (client) =>
    client.send(new PutObjectCommand({ ...unknown, ...replace })),
  "copy from another bucket": (client) => client.send(copy("plain/app.mov")),
  "copy an object of the app": (client) => client.send(copy(`${BUCKET}/app.mov`)),
  "copy an object of another user": (client) => client.send(copy(`${BUCKET}/ben.mov`)),
  "replace an object of the app": (client) =>
    client.send(new PutObjectCommand({ ...at("app.mov"), ...replace })),
  "replace an object of another user": (client) =>
    client.send(new PutObjectCommand({ ...at("ben.mov"), ...replace })),
  "replace an object of another user with a copy": (client) =>
    client.send(copy(`${BUCKET}/ann.mov`, "ben.mov")),
  "put an object under a key of the app": (client) =>
    client.send(new PutObjectCommand({ ...at("upl_1/film.mov"), ...replace })),
  "begin an upload under a key of the app": (client) =>
    client.send(new CreateMultipartUploadCommand(at("upl_1/film.mov"))),
  "put an object without an event": (client) => {
    const silent = new PutObjectCommand({ ...at("ann.mov"), ...replace });
    silent.middlewareStack.add(
      (next) => (args) => {
        // The SDK types a request as unknown; at this step it is an HTTP request.
        const request = args.request as { headers: Record<string, string> };
        request.headers["x-rushes-events"] = "off";
        return next(args);
      },
      { step: "build" },
    );
    return client.send(silent);
  },
  "add a part to another user's upload": (client, UploadId) =>
    client.send(new UploadPartCommand({ ...at("parts.mov"), UploadId, PartNumber: 1, ...replace })),
  "copy a part into another user's upload": (client, UploadId) => {
    const CopySource = `${BUCKET}/ann.mov`;
    const part = { ...at("parts.mov"), UploadId, PartNumber: 1, CopySource };
    return client.send(new UploadPartCopyCommand(part));
  },
  "list the parts of another user's upload": (client, UploadId) =>
    client.send(new ListPartsCommand({ ...at("parts.mov"), UploadId })),
  "complete another user's upload": (client, UploadId) =>
    client.send(
      new CompleteMultipartUploadCommand({
        ...at("parts.mov"),
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"0"' }] },
      }),
    ),
  "abort another user's upload": (client, UploadId) =>
    client.send(new AbortMultipartUploadCommand({ ...at("parts.mov"), UploadId })),
};

test("denies everything else to a person's key, and changes nothing", async () => {
  const { client, ann, ben, events } = await open();
  await ann.send(new PutObjectCommand({ ...at("ann.mov"), Body: "of Ann" }));
  await ben.send(new PutObjectCommand({ ...at("ben.mov"), Body: "of Ben" }));
  const { UploadId = "" } = await ben.send(new CreateMultipartUploadCommand(at("parts.mov")));
  const part = { ...at("parts.mov"), UploadId, PartNumber: 1, Body: "of Ben" };
  await ben.send(new UploadPartCommand(part));
  await until(() => events.length === 3);
  const before = await contents(client);
  for (const [name, run] of Object.entries(DENIED)) {
    await expect(run(ann, UploadId), name).rejects.toMatchObject(denied);
  }
  expect(await contents(client)).toEqual(before);
  expect(events).toHaveLength(3);
  const hers = await ann.send(new CreateMultipartUploadCommand(at("hers.mov")));
  for (const source of [`${BUCKET}/ben.mov`, `${BUCKET}/app.mov`, "plain/app.mov"]) {
    const place = { ...at("hers.mov"), UploadId: hers.UploadId, PartNumber: 1, CopySource: source };
    const copied = ann.send(new UploadPartCopyCommand(place));
    await expect(copied, source).rejects.toMatchObject(denied);
  }
});

test("rejects a person's key with another secret, and after it was revoked", async () => {
  const { url } = await open();
  const list = new ListObjectsV2Command({ Bucket: BUCKET });
  const wrong = { accessKeyId: "KEYann", secretAccessKey: secretOf("ben") };
  await expect(clientOf(url, { credentials: wrong }).send(list)).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  const late = { accessKeyId: "KEYcarl", secretAccessKey: secretOf("carl") };
  await expect(clientOf(url, { credentials: late }).send(list)).rejects.toMatchObject({
    name: "InvalidAccessKeyId",
  });
});

test("keeps the owner of objects and unfinished uploads over a restart", async () => {
  const { ann, ben, restart } = await open();
  await ann.send(new PutObjectCommand({ ...at("ann.mov"), Body: "of Ann" }));
  const { UploadId } = await ann.send(new CreateMultipartUploadCommand(at("parts.mov")));
  const { url } = await restart();
  const part = { ...at("parts.mov"), UploadId, PartNumber: 1, Body: "bytes" };
  await clientFor(url, "ann").send(new UploadPartCommand(part));
  const put = new PutObjectCommand({ ...at("ann.mov"), Body: "of Ben" });
  await expect(clientFor(url, "ben").send(put)).rejects.toMatchObject(denied);
  ann.destroy();
  ben.destroy();
});
