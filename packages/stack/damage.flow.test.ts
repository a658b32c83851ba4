import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { start } from "@rushes/aws-local/dynamodb/index";
import { createDamageLog } from "@rushes/aws-local/process/damage";
import { wiring } from "@rushes/core/wiring";
import { expect, onTestFinished, test } from "vitest";

const shared = {
  host: "127.0.0.1",
  port: 0,
  region: "us-east-1",
  tables: wiring.tables,
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
};

test("records damage in the audit log, even if it is found before the table starts", async () => {
  const dataDir = await mkdtemp(`${tmpdir()}/rushes-damage-`);
  const dynamo = await start({ ...shared, dataDir });
  const client = new DynamoDBClient({ ...shared, endpoint: dynamo.url });
  onTestFinished(async () => {
    client.destroy();
    await dynamo.close();
    await rm(dataDir, { recursive: true });
  });
  const printed: string[] = [];
  const log = createDamageLog((line) => void printed.push(line));

  log.onDamage("A database was damaged.");
  await log.connect({ ...shared, url: dynamo.url, name: "rushes" });
  log.onDamage("The object my film.mp4 is damaged.", "An object is damaged.");
  await log.close();

  expect(printed).toEqual(["A database was damaged.", "The object my film.mp4 is damaged."]);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "rushes" }));
  const day = new Date().toISOString().slice(0, 10);
  expect(Items.map(({ pk, action, detail }) => [pk?.S, action?.S, detail?.M?.what?.S])).toEqual(
    expect.arrayContaining([
      [`AUDIT#${day}`, "storage.damaged", "A database was damaged."],
      [`AUDIT#${day}`, "storage.damaged", "An object is damaged."],
    ]),
  );
});
