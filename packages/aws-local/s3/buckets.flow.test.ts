import {
  CopyObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { BUCKET, clientOf, ORIGIN, serve } from "@rushes/testing/s3";
import { expect, test } from "vitest";

const put = (client: S3Client, key: string, body: string | Buffer = "bytes", more = {}) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ...more }));

test("lists each prefix and key once and in order, over all pages", async () => {
  const { client } = await serve();
  const keys = ["a/1", "a/2", "a/b/3", "b", "c/1", "z", "é/x y", "é/z+"];
  for (const key of keys) await put(client, key);
  const walk = async (more: object) => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: BUCKET,
          MaxKeys: 1,
          ContinuationToken: token,
          EncodingType: "url",
          ...more,
        }),
      );
      for (const { Key } of page.Contents ?? []) seen.push(Key ?? "");
      for (const { Prefix } of page.CommonPrefixes ?? []) seen.push(Prefix ?? "");
      token = page.NextContinuationToken;
    } while (token);
    return seen.map(decodeURIComponent);
  };
  expect(await walk({})).toEqual(keys);
  expect(await walk({ Delimiter: "/" })).toEqual(["a/", "b", "c/", "z", "é/"]);
  expect(await walk({ Prefix: "a/", Delimiter: "/" })).toEqual(["a/1", "a/2", "a/b/"]);
  expect(await walk({ StartAfter: "b" })).toEqual(keys.slice(4));
  expect(await walk({ Prefix: "é/" })).toEqual(["é/x y", "é/z+"]);
});

test("lists the same in version 1, which continues after a marker", async () => {
  const { client } = await serve();
  const keys = ["a/1", "a/2", "a/b/3", "b", "c/1", "z", "é/x y", "é/z+"];
  for (const key of keys) await put(client, key);
  const walk = async (more: object) => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (;;) {
      const page = await client.send(
        new ListObjectsCommand({ Bucket: BUCKET, MaxKeys: 1, Marker, ...more }),
      );
      for (const { Key = "" } of page.Contents ?? []) seen.push(Key);
      for (const { Prefix = "" } of page.CommonPrefixes ?? []) seen.push(Prefix);
      if (!page.IsTruncated) return seen;
      // As on S3, only a list with a delimiter names the next marker.
      expect(page.NextMarker !== undefined).toBe("Delimiter" in more);
      Marker = page.NextMarker ?? seen.at(-1);
    }
  };
  expect(await walk({})).toEqual(keys);
  expect(await walk({ Delimiter: "/" })).toEqual(["a/", "b", "c/", "z", "é/"]);
  expect(await walk({ Prefix: "a/", Delimiter: "/" })).toEqual(["a/1", "a/2", "a/b/"]);
  const { Contents } = await client.send(new ListObjectsCommand({ Bucket: BUCKET, Prefix: "z" }));
  expect(Contents).toMatchObject([{ Key: "z", Size: 5, Owner: { DisplayName: "rushes" } }]);
});

test("has exactly the configured buckets", async () => {
  const { client } = await serve();
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toEqual([BUCKET, "plain"]);
  await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
  await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
  await expect(
    client.send(new PutObjectCommand({ Bucket: "other", Key: "k", Body: "" })),
  ).rejects.toMatchObject({ name: "NoSuchBucket" });
  await expect(client.send(new HeadBucketCommand({ Bucket: "other" }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
});

test("rejects unsupported features instead of ignoring them", async () => {
  const { client, url } = await serve();
  const fields = [
    { StorageClass: "GLACIER" },
    { ACL: "public-read" },
    { Tagging: "a=b" },
    { ServerSideEncryption: "aws:kms" },
  ];
  for (const more of fields) {
    await expect(put(client, "k", "x", more)).rejects.toMatchObject({ name: "NotImplemented" });
  }
  await expect(
    client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: "k", CopySource: `${BUCKET}/a?versionId=1` }),
    ),
  ).rejects.toMatchObject({ name: "NotImplemented" });
  const patient = clientOf(url, { maxAttempts: 1 });
  for (const command of [
    () => patient.send(new GetObjectRetentionCommand({ Bucket: BUCKET, Key: "k" })),
    () => patient.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: "{}" })),
  ]) {
    await expect(command()).rejects.toMatchObject({ name: "NotImplemented" });
  }
});

test("shows the settings of a new bucket, with its CORS and lifecycle rules", async () => {
  const { client } = await serve();
  await put(client, "k");
  const bucket = { Bucket: BUCKET };
  const object = { Bucket: BUCKET, Key: "k" };
  expect((await client.send(new GetBucketVersioningCommand(bucket))).Status).toBeUndefined();
  expect(await client.send(new GetBucketCorsCommand(bucket))).toMatchObject({
    CORSRules: [{ AllowedOrigins: [ORIGIN], MaxAgeSeconds: 600 }],
  });
  expect(await client.send(new GetBucketLifecycleConfigurationCommand(bucket))).toMatchObject({
    Rules: [{ Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
  });
  const { Grants } = await client.send(new GetBucketAclCommand(bucket));
  expect(Grants).toMatchObject([
    { Grantee: { Type: "CanonicalUser" }, Permission: "FULL_CONTROL" },
  ]);
  expect((await client.send(new GetObjectAclCommand(object))).Grants).toEqual(Grants);
  expect((await client.send(new GetObjectTaggingCommand(object))).TagSet).toEqual([]);
  const absent = { Bucket: BUCKET, Key: "absent" };
  for (const [command, name] of [
    [() => client.send(new GetBucketCorsCommand({ Bucket: "plain" })), "NoSuchCORSConfiguration"],
    [
      () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: "plain" })),
      "NoSuchLifecycleConfiguration",
    ],
    [() => client.send(new GetBucketTaggingCommand(bucket)), "NoSuchTagSet"],
    [() => client.send(new GetBucketPolicyCommand(bucket)), "NoSuchBucketPolicy"],
    [() => client.send(new GetBucketWebsiteCommand(bucket)), "NoSuchWebsiteConfiguration"],
    [() => client.send(new GetObjectTaggingCommand(absent)), "NoSuchKey"],
    [() => client.send(new GetObjectAclCommand(absent)), "NoSuchKey"],
  ] as const) {
    await expect(command()).rejects.toMatchObject({ name });
  }
});
