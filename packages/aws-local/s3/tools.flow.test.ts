/**
 * The tools that people bring footage with, as Debian packages them, at their defaults. They run with the access key of
 * a person, and with the stack's own key for what that key may not do.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { HeadObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { BUCKET, credentials, serve } from "@rushes/testing/s3";
import { expect, onTestFinished, test } from "vitest";

const MIB = 1024 ** 2;
const KEY = { secretAccessKey: "the secret of Ann", ownerId: "ann", bucket: BUCKET };
const person = { accessKeyId: "KEYann", secretAccessKey: KEY.secretAccessKey };

const BOTO = `
import boto3, sys
url, bucket, folder = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=url)
`;
const BOTO_PUT = `${BOTO}
s3.upload_file(f"{folder}/large.mov", bucket, "day 2/large.mov")
s3.copy({"Bucket": bucket, "Key": "day 2/large.mov"}, bucket, "day 2/copy.mov")
s3.put_object(Bucket=bucket, Key="encrypted.mov", Body=b"bytes", ServerSideEncryption="AES256")
print([item["Key"] for item in s3.list_objects(Bucket=bucket)["Contents"]])
`;
const BOTO_READ = `${BOTO}
print(s3.get_bucket_versioning(Bucket=bucket).get("Status"), s3.get_object_tagging(Bucket=bucket, Key="day 2/copy.mov")["TagSet"])
print(s3.get_object_acl(Bucket=bucket, Key="day 2/copy.mov")["Grants"][0]["Grantee"]["Type"])
print(s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["Status"])
print(s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedMethods"])
s3.download_file(bucket, "day 2/copy.mov", f"{folder}/back.mov")
`;

/** A folder with small files and one over each tool's limit for a single request, and how to run the tools on it. */
async function prepare() {
  const { url, client } = await serve({
    findAccessKey: async (id) => (id === person.accessKeyId ? KEY : undefined),
  });
  const work = await mkdtemp(join(tmpdir(), "rushes-tools-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const folder = join(work, "card");
  await mkdir(join(folder, "day 1"), { recursive: true });
  await writeFile(join(folder, "day 1", "été 🎬 #1.mp4"), "a small clip");
  await writeFile(join(folder, "day 1", "a+b & 100%.mov"), "another one");
  const large = randomBytes(17 * MIB);
  await writeFile(join(folder, "large.mov"), large);
  const envOf = ({ accessKeyId, secretAccessKey }: typeof person) => ({
    NODE_ENV: "test" as const,
    HOME: work,
    LANG: "C.UTF-8",
    // Another version of a tool may come first in the PATH of a developer.
    PATH: `/usr/bin:${process.env.PATH}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: "us-east-1",
    RCLONE_CONFIG_RUSHES_TYPE: "s3",
    RCLONE_CONFIG_RUSHES_PROVIDER: "Other",
    RCLONE_CONFIG_RUSHES_ENDPOINT: url,
    RCLONE_CONFIG_RUSHES_ACCESS_KEY_ID: accessKeyId,
    RCLONE_CONFIG_RUSHES_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const runAs =
    (signer: typeof person) =>
    async (program: string, ...args: string[]) => {
      const options = { env: envOf(signer), cwd: folder };
      const { stdout, stderr } = await promisify(execFile)(program, args, options);
      return stdout + stderr;
    };
  return { url, client, folder, large, run: runAs(person), runAsStack: runAs(credentials) };
}

const SMALL = ["day 1/a+b & 100%.mov", "day 1/été 🎬 #1.mp4"];

async function keysOf(client: S3Client): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return Contents.map(({ Key = "" }) => Key);
}

const sizeOf = async (client: S3Client, Key: string) =>
  (await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength;

test("the AWS CLI syncs, lists, copies in parts, moves and removes", async () => {
  const { url, client, folder, large, run, runAsStack } = await prepare();
  const common = ["--endpoint-url", url, "s3"];
  const s3 = (...args: string[]) => run("aws", ...common, ...args);
  const s3AsStack = (...args: string[]) => runAsStack("aws", ...common, ...args);
  await s3("sync", ".", `s3://${BUCKET}`);
  expect(await keysOf(client)).toEqual([...SMALL, "large.mov"]);
  expect(await s3("sync", ".", `s3://${BUCKET}`)).toBe("");
  expect(await s3("ls", "--recursive", `s3://${BUCKET}`)).toContain("été 🎬 #1.mp4");
  await s3("cp", `s3://${BUCKET}/large.mov`, `s3://${BUCKET}/copy.mov`);
  await s3AsStack("mv", `s3://${BUCKET}/copy.mov`, "back.mov");
  expect((await readFile(join(folder, "back.mov"))).equals(large)).toBe(true);
  await s3AsStack("rm", "--recursive", `s3://${BUCKET}/day 1`);
  expect(await keysOf(client)).toEqual(["large.mov"]);
});

test("boto3 uploads and copies in parts, reads the settings of a bucket, and downloads", async () => {
  const { url, folder, large, run, runAsStack } = await prepare();
  const listed = await run("python3", "-c", BOTO_PUT, url, BUCKET, folder);
  expect(listed.trim()).toBe("['day 2/copy.mov', 'day 2/large.mov', 'encrypted.mov']");
  const output = await runAsStack("python3", "-c", BOTO_READ, url, BUCKET, folder);
  expect(output.trim().split("\n")).toEqual([
    "None []",
    "CanonicalUser",
    "Enabled",
    "['GET', 'PUT', 'POST', 'HEAD', 'DELETE']",
  ]);
  expect((await readFile(join(folder, "back.mov"))).equals(large)).toBe(true);
});

test("rclone copies, checks, moves, syncs and uploads in parts, with the provider Other", async () => {
  const { client, folder, run, runAsStack } = await prepare();
  const bucket = `rushes:${BUCKET}`;
  await run("rclone", "copy", ".", bucket);
  expect(await run("rclone", "check", ".", bucket)).toContain("0 differences found");
  expect(await run("rclone", "ls", bucket)).toContain("12 day 1/été 🎬 #1.mp4");
  await runAsStack("rclone", "moveto", `${bucket}/large.mov`, `${bucket}/day 2/large.mov`);
  // Over 200 MB, rclone uploads in parts.
  await writeFile(join(folder, "long.mov"), "");
  await truncate(join(folder, "long.mov"), 201 * MIB);
  await run("rclone", "copy", "long.mov", bucket);
  expect(await sizeOf(client, "long.mov")).toBe(201 * MIB);
  await rm(join(folder, "long.mov"));
  await runAsStack("rclone", "sync", ".", bucket);
  expect(await keysOf(client)).toEqual([...SMALL, "large.mov"]);
});

test("s3cmd syncs, lists, shows, moves, uploads in parts and removes", async () => {
  const { url, client, folder, run, runAsStack } = await prepare();
  const { host } = new URL(url);
  const common = ["--no-ssl", `--host=${host}`, `--host-bucket=${host}`];
  const s3cmd = (...args: string[]) => run("s3cmd", ...common, ...args);
  const s3cmdAsStack = (...args: string[]) => runAsStack("s3cmd", ...common, ...args);
  await s3cmd("sync", "./", `s3://${BUCKET}/`);
  expect(await keysOf(client)).toEqual([...SMALL, "large.mov"]);
  expect(await s3cmd("ls", "--recursive", `s3://${BUCKET}/day 1/`)).toContain("été 🎬 #1.mp4");
  expect(await s3cmd("du", `s3://${BUCKET}`)).toMatch(/^\s*17825815 +3 objects/);
  expect(await s3cmdAsStack("info", `s3://${BUCKET}/large.mov`)).toContain("rushes: FULL_CONTROL");
  await s3cmdAsStack("info", `s3://${BUCKET}`);
  await s3cmdAsStack("mv", `s3://${BUCKET}/large.mov`, `s3://${BUCKET}/moved.mov`);
  await s3cmdAsStack("get", `s3://${BUCKET}/moved.mov`, "back.mov");
  expect((await readFile(join(folder, "back.mov"))).length).toBe(17 * MIB);
  await s3cmdAsStack("del", "--recursive", "--force", `s3://${BUCKET}`);
  expect(await keysOf(client)).toEqual([]);
});
