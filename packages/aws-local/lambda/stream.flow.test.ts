import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Wiring } from "@rushes/core/wiring";
import { expect, test } from "vitest";
import { start as startDynamo } from "../dynamodb/index.ts";
import { deadLetterBody } from "./dead-letter-body.ts";
import { boot, cleanUp, count, eventually, folder, log, stop, wire } from "./runner.fixture.ts";

const credentials = { accessKeyId: "a", secretAccessKey: "b" };

const table: Wiring["tables"][number] = {
  name: "orders",
  hashKey: "pk",
  rangeKey: "sk",
  ttl: "ttl",
  indexes: [],
  stream: {
    function: "obey",
    batchSize: 10,
    retries: 2,
    bisect: true,
    filters: [{ eventName: ["INSERT"], dynamodb: { NewImage: { kind: { S: ["wanted"] } } } }],
  },
};

const startTable = (name: string) =>
  startDynamo({
    dataDir: join(folder, name),
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    tables: [table],
  });

/** The environment of a runner that reads the table's stream. */
const envOf = ({ url }: { url: string }) => ({
  AWS_ENDPOINT_URL_DYNAMODB_STREAMS: url,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

test("delivers a stream in order and filtered, and moves a failing record to the dead-letter queue", async () => {
  const dynamo = await startTable("dynamo");
  cleanUp.push(() => dynamo.close());
  const client = new DynamoDBClient({ endpoint: dynamo.url, region: "us-east-1", credentials });
  const put = (pk: string, kind: string) =>
    client.send(
      new PutItemCommand({
        TableName: "orders",
        Item: { pk: { S: pk }, sk: { S: "x" }, kind: { S: kind } },
      }),
    );
  const { deadLetters, close } = await boot(wire({ tables: [table] }), envOf(dynamo));
  const wanted = Array.from({ length: 200 }, (_, n) => `order-${String(n).padStart(3, "0")}`);
  for (const pk of wanted.slice(0, 100)) await put(pk, "wanted");
  await put("ignored", "other");
  await put("bad!throw", "wanted");
  for (const pk of wanted.slice(100)) await put(pk, "wanted");
  const ended = async () => (await log()).filter((line) => line.startsWith("end"));
  await expect.poll(async () => (await ended()).at(-1), eventually).toBe("end order-199");
  const inOrder = [...new Set(await ended())];
  expect(inOrder).toEqual(wanted.map((pk) => `end ${pk}`));
  expect(await count("start ignored")).toBe(0);
  const records = await deadLetters.list("obey-dead");
  expect(records).toHaveLength(1);
  expect(JSON.stringify(records[0]?.payload)).toContain("bad!throw");
  const [deadLetter] = records;
  if (!deadLetter) throw new Error("No dead-letter message.");
  expect(JSON.parse(deadLetterBody(deadLetter, "us-east-1"))).toMatchObject({
    requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 },
    DDBStreamBatchInfo: { batchSize: 1, streamArn: expect.stringContaining("orders/stream") },
  });

  // Records that were handled before the stop are not delivered after it.
  await close();
  const before = (await log()).length;
  await put("after", "wanted");
  await boot(wire({ tables: [table] }), envOf(dynamo));
  await expect.poll(() => count("end after"), eventually).toBe(1);
  expect((await log()).length).toBe(before + 2);
});

test("delivers the stream of a recreated table from its beginning", async () => {
  const wiring = wire({ tables: [table] });
  for (const [name, pk] of [
    ["first", "old"],
    ["second", "new"],
  ] as const) {
    const dynamo = await startTable(name);
    const client = new DynamoDBClient({ endpoint: dynamo.url, region: "us-east-1", credentials });
    const Item = { pk: { S: pk }, sk: { S: "x" }, kind: { S: "wanted" } };
    await client.send(new PutItemCommand({ TableName: "orders", Item }));
    await boot(wiring, envOf(dynamo));
    await expect.poll(() => count(`end ${pk}`), eventually).toBe(1);
    await stop();
    await dynamo.close();
  }
});

test("delivers a record as soon as it is written, without reading the stream all the time", async () => {
  const dynamo = await startTable("dynamo");
  cleanUp.push(() => dynamo.close());
  const client = new DynamoDBClient({ endpoint: dynamo.url, region: "us-east-1", credentials });
  await boot(wire({ tables: [table] }), envOf(dynamo), dynamo.nextWrite);
  const startedMs = performance.now();
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    const pk = `round-${round}`;
    const Item = { pk: { S: pk }, sk: { S: "x" }, kind: { S: "wanted" } };
    await client.send(new PutItemCommand({ TableName: "orders", Item }));
    await expect.poll(() => count(`end ${pk}`), eventually).toBe(1);
  }
  // The stream is read once a second where nothing is written.
  expect(performance.now() - startedMs).toBeLessThan(rounds * 500);
});
