import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { loadMediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { RunnerStore } from "@rushes/aws-local/lambda/store";
import { JobStore } from "@rushes/aws-local/mediaconvert/store";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { MailStore, newMessageId } from "@rushes/aws-local/ses/store";
import { wiring } from "@rushes/core/wiring";
import { openAccounts } from "@rushes/identity/accounts";
import { signingKeys } from "@rushes/identity/keys";
import { openRows } from "@rushes/identity/rows";
import { openData } from "../data.ts";

export const shared = { host: "127.0.0.1", port: 0, region: "us-east-1" };

/** A stopped data folder with data of every kind, written by the same code as usual. */
export async function fill(path: string): Promise<void> {
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
  const events = await RunnerStore.open(at("events"));
  await events.write({ put: [["queue!q!1", "a message that is still to be handled"]] });
  const encoder = await JobStore.open(at("mediaconvert/store"));
  await loadMediaKeys(at("media"));
  await openAccounts(at("identity")).add({ email: "ann@example.com", admin: true });
  await signingKeys(at("identity"));
  const rows = await openRows(at("identity/rows"));
  await rows.adapter("Session").upsert("one", { uid: "a" }, 60);
  await (await MailStore.open(at("mail"))).save(
    newMessageId(),
    Buffer.from("Subject: Ready\r\n\r\nYes."),
  );
  for (const part of [s3, dynamo, events, encoder, rows]) await part.close();
  await close();
}
