import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { mediaKeys } from "../cdn/keys.ts";
import { openData } from "../data.ts";
import { start as startDynamo } from "../dynamo/index.ts";
import { Store as Events } from "../events/store.ts";
import { newMessageId, openStore as openMails } from "../mail/store.ts";
import { Store as Encoder } from "../mediaconvert/store.ts";
import { openAccounts } from "../provider/accounts.ts";
import { signingKeys } from "../provider/keys.ts";
import { openRows } from "../provider/rows.ts";
import { start as startS3 } from "../s3/index.ts";
import { wiring } from "../wiring.ts";
import { verify } from "./index.ts";

const shared = { host: "127.0.0.1", port: 0, region: "us-east-1" };

/** A stopped data folder with something of every kind in it, made by the parts that write it. */
async function fill(path: string): Promise<void> {
  const { credentials, close } = await openData(path);
  const at = (name: string) => join(path, name);
  const s3 = await startS3({
    ...{ ...shared, credentials, dataDir: at("s3"), deliver: async () => {} },
    buckets: wiring.buckets.map(({ name }) => ({ name, notifications: [] })),
  });
  const client = new S3Client({ ...shared, credentials, endpoint: s3.url, forcePathStyle: true });
  for (const [Bucket, Key] of [
    ["rushes-uploads", "films/my film.mp4"],
    ["rushes-renditions", "job_1/1/film/film-720p.mp4"],
  ]) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(5000, Key) }));
  }
  const tables = wiring.tables;
  const dynamo = await startDynamo({ ...shared, credentials, dataDir: at("dynamo"), tables });
  const table = new DynamoDBClient({ ...shared, credentials, endpoint: dynamo.url });
  const source = { bucket: { S: "rushes-uploads" }, key: { S: "films/my film.mp4" } };
  for (const item of [
    {
      ...{ sk: { S: "JOB" }, id: { S: "job_1" }, status: { S: "complete" }, attempt: { N: "1" } },
      source: { M: source },
    },
    {
      ...{ sk: { S: "REND#000001#720p" }, attempt: { N: "1" } },
      key: { S: "job_1/1/film/film-720p.mp4" },
    },
  ]) {
    const Item = { pk: { S: "JOB#job_1" }, ...item };
    await table.send(new PutItemCommand({ TableName: tables[0]?.name, Item }));
  }
  table.destroy();
  const events = await Events.open(at("events"));
  await events.write({ put: [["queue!q!1", "a message that is still to be handled"]] });
  const encoder = await Encoder.open(at("mediaconvert/store"));
  await mediaKeys(at("media"));
  await openAccounts(at("identity")).add({ email: "ann@example.com", admin: true });
  await signingKeys(at("identity"));
  const rows = await openRows(at("identity/rows"));
  await rows.adapter("Session").upsert("one", { uid: "a" }, 60);
  await (await openMails(at("mail"))).save(
    newMessageId(),
    Buffer.from("Subject: Ready\r\n\r\nYes."),
  );
  for (const part of [s3, dynamo, events, encoder, rows]) await part.close();
  await close();
}

let filled: string;
beforeAll(async () => {
  filled = join(await mkdtemp(join(tmpdir(), "rushes-verify-")), "data");
  await fill(filled);
  return () => rm(join(filled, ".."), { recursive: true });
});

async function copyOf(): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), "rushes-verify-")), "data");
  onTestFinished(() => rm(join(copy, ".."), { recursive: true }));
  await cp(filled, copy, { recursive: true });
  return copy;
}

/** What may be changed without loss: caches, logs, and what the next start writes again. */
const FREE =
  /^(version$|lock\/|identity\/lock\/)|\/(LOCK|LOG|LOG\.old)$|\.(seal|daily)$|blobs\/[0-9a-f]+\.json$/;

test("an intact folder has no problems, and checking it changes nothing", async () => {
  const folder = await copyOf();
  const before = (await readdir(folder, { recursive: true })).sort();
  const report = await verify(folder);
  expect(report).toMatchObject({ objects: 2, bytes: 10_000, jobs: 1, mails: 1, problems: [] });
  expect(report.notes).toEqual([]);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(before);
});

test("a changed byte and a lost end are found in every file that holds data", async () => {
  const names = (await readdir(filled, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(filled.length + 1))
    .filter((name) => !FREE.test(name));
  // Each kind is there, so that none of them is left out in silence.
  for (const kind of [
    ...[/secrets.json$/, /media\/keys.json$/, /identity\/keys.json$/, /accounts.json$/],
    ...[/blobs\/[0-9a-f]+$/, /dynamo.db$/, /\.eml$/, /s3\/rows\/\d+.log$/, /events\/\d+.log$/],
    ...[/s3\/rows\/CURRENT$/, /s3\/rows\/MANIFEST/, /store\/MANIFEST/, /identity\/rows\/CURRENT$/],
  ]) {
    expect(
      names.some((name) => kind.test(name)),
      String(kind),
    ).toBe(true);
  }
  const folder = await copyOf();
  for (const name of names) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    // An empty log, of a database without rows, has nothing to lose.
    if (bytes.length === 0) continue;
    const flipped = Buffer.from(bytes);
    const middle = Math.floor(bytes.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    await writeFile(path, flipped);
    expect((await verify(folder)).problems, `${name} with a changed byte`).not.toEqual([]);
    // A log whose end is missing is what a crash leaves; its object is found by the job that needs it.
    if (!/events\/\d+.log$|identity\/rows\/\d+.log$/.test(name)) {
      await writeFile(path, bytes.subarray(0, middle));
      expect((await verify(folder)).problems, `${name} without its end`).not.toEqual([]);
    }
    await writeFile(path, bytes);
  }
  expect((await verify(folder)).problems).toEqual([]);
}, 60_000);

test("the command says what is damaged and ends with 1", async () => {
  const folder = await copyOf();
  const command = join(import.meta.dirname, "../commands/verify.ts");
  const run = () =>
    promisify(execFile)(process.execPath, [command], {
      env: { ...process.env, RUSHES_DATA_DIR: folder },
    });
  expect((await run()).stdout).toContain("Everything is as it was stored.");
  const [blob = ""] = (await readdir(join(folder, "s3/blobs"))).filter((one) => !one.includes("."));
  await writeFile(join(folder, "s3/blobs", blob), Buffer.alloc(5000, "x"));
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Damage: The object .* has other bytes than were stored/),
  });
});
