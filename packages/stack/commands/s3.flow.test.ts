import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { start } from "@rushes/aws-local/s3/index";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeRun } from "../run.ts";

const run = promisify(execFile);
const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "it's a secret, $HOME `and` all" };
const command = join(import.meta.dirname, "s3.ts");

let folder: string;
let s3: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-s3-command-"));
  s3 = await start({
    dataDir: join(folder, "s3"),
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    buckets: [{ name: "rushes-uploads", notifications: [] }],
    deliver: async () => {},
  });
  await writeRun(folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: "http://127.0.0.1:3001" },
    control: { url: "http://127.0.0.1:1", token: "control" },
    env: {
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: "us-east-1",
    },
  });
});
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

/** The value of a variable in a shell that has evaluated the command's lines. */
async function evaluated(name: string): Promise<string> {
  const { PATH = "" } = process.env;
  const script = `eval "$("$1" "$2")" && printf %s "$${name}"`;
  const args = ["-c", script, "sh", process.execPath, command];
  const { stdout } = await run("sh", args, {
    env: { NODE_ENV: "test", PATH, RUSHES_DATA_DIR: folder },
  });
  return stdout;
}

test("npm run s3 prints commands that let a client reach the buckets of a running stack", async () => {
  const client = new S3Client({
    endpoint: await evaluated("AWS_ENDPOINT_URL_S3"),
    region: await evaluated("AWS_DEFAULT_REGION"),
    forcePathStyle: true,
    credentials: {
      accessKeyId: await evaluated("AWS_ACCESS_KEY_ID"),
      secretAccessKey: await evaluated("AWS_SECRET_ACCESS_KEY"),
    },
  });
  const place = { Bucket: "rushes-uploads", Key: "film.mp4" };
  await client.send(new PutObjectCommand({ ...place, Body: "film" }));
  const { Body } = await client.send(new GetObjectCommand(place));
  expect(await Body?.transformToString()).toBe("film");
  client.destroy();
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
