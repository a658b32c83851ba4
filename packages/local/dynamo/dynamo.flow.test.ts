import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wiring } from "../wiring.ts";
import { start } from "./index.ts";
import { pruneStreamRecords, sweepExpired } from "./upkeep.ts";

const [table] = wiring.tables;
if (!table) throw new Error("The wiring has no table.");
const shared = {
  host: "127.0.0.1",
  port: 0,
  region: "us-east-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  tables: wiring.tables,
};

let folder: string;
let server: Awaited<ReturnType<typeof start>>;
let client: DynamoDBClient;

async function boot() {
  server = await start({ ...shared, dataDir: folder });
  client = new DynamoDBClient({ ...shared, endpoint: server.url });
}
const put = (pk: string, ttl?: number) =>
  client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: { pk: { S: pk }, sk: { S: "JOB" }, ...(ttl ? { ttl: { N: String(ttl) } } : {}) },
    }),
  );
const has = async (pk: string) =>
  (
    await client.send(
      new GetItemCommand({ TableName: table.name, Key: { pk: { S: pk }, sk: { S: "JOB" } } }),
    )
  ).Item !== undefined;
const records = (): { count: number; newest: number } => {
  const database = new DatabaseSync(join(folder, "dynamo.db"));
  const row = database
    .prepare(
      "SELECT COUNT(*) AS c, MAX(CAST(sequence_number AS INTEGER)) AS n FROM _stream_records",
    )
    .get();
  database.close();
  return { count: Number(row?.c), newest: Number(row?.n) };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-dynamo-"));
  await boot();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test("rows outlive a stop and a start", async () => {
  await put("kept");
  await server.close();
  await boot();
  expect(await has("kept")).toBe(true);
});

test("a write finds the next sequence number by an index, not by reading the whole stream", () => {
  const database = new DatabaseSync(join(folder, "dynamo.db"));
  const plan = database
    .prepare(
      "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = 'rushes'",
    )
    .all();
  database.close();
  expect(JSON.stringify(plan)).toContain("rushes_stream_sequence");
});

test("old stream records go, and the sequence never starts again", async () => {
  for (let n = 0; n < 5; n += 1) await put(`stream ${n}`);
  const before = records();
  pruneStreamRecords(join(folder, "dynamo.db"), Date.now() + 60_000, 0);
  expect(records()).toEqual({ count: 1, newest: before.newest });
  await put("after the pruning");
  expect(records().newest).toBeGreaterThan(before.newest);
});

test("rows whose time to live has passed are swept, others stay", async () => {
  const now = Math.floor(Date.now() / 1000);
  await put("expired", now - 10);
  await put("living", now + 1000);
  expect(await sweepExpired(client, table)).toBe(1);
  expect([await has("expired"), await has("living")]).toEqual([false, true]);
});

test("the database ends with the process that started it, even killed with -9", async () => {
  const other = await mkdtemp(join(tmpdir(), "rushes-dynamo-"));
  const script = `
    import { start } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const server = await start(${JSON.stringify({ ...shared, dataDir: other })});
    process.stdout.write(server.url);
    setInterval(() => {}, 1000);`;
  const child = execFile(process.execPath, ["--input-type=module-typescript", "-e", script]);
  const url = await new Promise<string>((done, failed) => {
    child.stdout?.once("data", (chunk) => done(String(chunk)));
    child.once("close", () => failed(new Error("It ended before it was ready.")));
  });
  expect((await fetch(url)).status).toBeGreaterThan(0);
  child.kill("SIGKILL");
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => "answers",
          () => "gone",
        ),
      { timeout: 10_000 },
    )
    .toBe("gone");
  await rm(other, { recursive: true, force: true });
});
