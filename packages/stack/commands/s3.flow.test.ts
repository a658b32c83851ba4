import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Actor, type Owner, SCOPES } from "@rushes/core/actor";
import { startWiredServices } from "@rushes/testing/services";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeRun } from "../run.ts";

const run = promisify(execFile);
const command = join(import.meta.dirname, "s3.ts");
const Bucket = "rushes-uploads";
const list = new ListObjectsV2Command({ Bucket });

let folder: string;
let services: Awaited<ReturnType<typeof startWiredServices>>;
let core: Awaited<ReturnType<typeof load>>;

const load = async () => ({
  ...(await import("@rushes/core/actor")),
  AccessKey: await import("@rushes/core/access-key/index"),
  User: await import("@rushes/core/user/index"),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-s3-command-"));
  services = await startWiredServices();
  core = await load();
  await writeRun(folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: services.urls.inbox },
    control: { url: "http://127.0.0.1:1", token: "control" },
    env: services.env,
  });
});
afterAll(async () => {
  await services.stop();
  await rm(folder, { recursive: true, force: true });
});

const NAMES = ["ENDPOINT_URL_S3", "DEFAULT_REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"] as const;

/** The variables of a shell that has evaluated the command's lines. */
async function evaluated() {
  const { PATH = "" } = process.env;
  const printed = NAMES.map((name) => `"$AWS_${name}"`).join(" ");
  const script = `eval "$("$1" "$2")" && printf '%s\\n' ${printed}`;
  const args = ["-c", script, "sh", process.execPath, command];
  const { stdout } = await run("sh", args, {
    env: { NODE_ENV: "test", PATH, RUSHES_DATA_DIR: folder },
  });
  const [endpoint = "", region = "", accessKeyId = "", secretAccessKey = ""] = stdout.split("\n");
  return { endpoint, region, accessKeyId, secretAccessKey };
}

const clientOf = (accessKeyId: string, secretAccessKey: string, endpoint = services.urls.s3) =>
  new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });

const admin: Owner = {
  ...{ type: "owner", ownerId: "own_admin", email: "admin@example.com", role: "admin" },
  ...{ scopes: SCOPES, via: "session" },
};
const as = <R>(actor: Actor, run: () => R) => core.withActor(actor, run);

test("npm run s3 prints a key that lists and puts, the same one each time, and not the stack's own", async () => {
  const first = await evaluated();
  const { endpoint, accessKeyId, secretAccessKey } = first;
  expect(await evaluated()).toEqual(first);
  const stackKey = [services.env.AWS_ACCESS_KEY_ID, services.env.AWS_SECRET_ACCESS_KEY];
  expect(stackKey).not.toContain(accessKeyId);
  expect(stackKey).not.toContain(secretAccessKey);
  const client = clientOf(accessKeyId, secretAccessKey, endpoint);
  const object = { Bucket, Key: "notes.xml" };
  await client.send(new PutObjectCommand({ ...object, Body: "notes" }));
  const { Contents = [] } = await client.send(list);
  expect(Contents.map(({ Key }) => Key)).toEqual([object.Key]);
  const denied = { name: "AccessDenied" };
  for (const request of [
    () => client.send(new GetObjectCommand(object)),
    () => client.send(new DeleteObjectCommand(object)),
    () => client.send(new ListBucketsCommand()),
    () => client.send(new ListObjectsV2Command({ Bucket: "rushes-renditions" })),
    () => client.send(new PutObjectCommand({ ...object, Bucket: "rushes-renditions" })),
    () => client.send(new PutObjectCommand({ Bucket, Key: "upl_1/film.mp4", Body: "forged" })),
  ]) {
    await expect(request()).rejects.toMatchObject(denied);
  }
  client.destroy();
});

test("other services of the stack reject an access key", async () => {
  const { key, secret } = await as(admin, () => core.AccessKey.create({ name: "a key" }));
  const credentials = { accessKeyId: key.id, secretAccessKey: secret };
  const { DynamoDBClient, GetItemCommand } = await import("@aws-sdk/client-dynamodb");
  const table = new DynamoDBClient({
    ...{ credentials, endpoint: services.urls.dynamo, region: "us-east-1", maxAttempts: 1 },
  });
  const Key = { pk: { S: "USERS" }, sk: { S: "USER" } };
  await expect(table.send(new GetItemCommand({ TableName: "rushes", Key }))).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
  table.destroy();
});

test("S3 rejects a key within seconds after it is revoked or its owner is disabled", async () => {
  const unknown = { name: "InvalidAccessKeyId" };
  const { id } = await as({ type: "system" }, () =>
    core.User.signIn({
      ...{ issuer: "https://id.example.com", subject: "ann", groups: [] },
      ...{ email: "ann@example.com", emailVerified: true },
    }),
  );
  const make = () => as(admin, () => core.AccessKey.create({ name: "a key", ownerId: id }));
  const [first, second] = [await make(), await make()];
  const clients = [first, second].map(({ key, secret }) => clientOf(key.id, secret));
  for (const client of clients) await client.send(list);
  const [ofFirst, ofSecond] = clients;
  const isRejected = async (client: S3Client | undefined) => {
    const error: unknown = await client?.send(list).catch((thrown: unknown) => thrown);
    return error instanceof Error && error.name === unknown.name;
  };
  await as(admin, () => core.AccessKey.remove(first.key.id));
  await until(() => isRejected(ofFirst));
  await ofSecond?.send(list);
  await as(admin, () => core.User.update({ id, disabled: true }));
  await until(() => isRejected(ofSecond));
  for (const client of clients) client.destroy();
});

test("npm run s3 fails without output if no stack runs", async () => {
  const env = {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH ?? "",
    RUSHES_DATA_DIR: join(folder, "none"),
  };
  await expect(run(process.execPath, [command], { env })).rejects.toMatchObject({
    stdout: "",
    stderr: expect.stringContaining("Start it with npm start"),
  });
});
