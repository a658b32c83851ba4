import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { wiring } from "@rushes/core/wiring";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./index.ts";
import { pruneStreamRecords, removeExpiredRows } from "./upkeep.ts";

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
      Item: { ...key(pk), ...(ttl ? { ttl: { N: String(ttl) } } : {}) },
    }),
  );
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "JOB" } });
const has = async (pk: string) =>
  (await client.send(new GetItemCommand({ TableName: table.name, Key: key(pk) }))).Item !==
  undefined;
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

/** The running dynoxide processes with a database in a folder. */
async function programsOf(dataDir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return line.includes("dynoxide\0") && line.includes(dataDir) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** An unsigned GetItem from a page of another site. */
const unsigned = async (headers: Record<string, string>) => {
  const url = new URL(server.url);
  const outgoing = request(url, {
    method: "POST",
    headers: {
      "x-amz-target": "DynamoDB_20120810.GetItem",
      "content-type": "application/x-amz-json-1.0",
      origin: "https://elsewhere.example",
      ...headers,
    },
  });
  outgoing.end(JSON.stringify({ TableName: table.name, Key: key("read") }));
  const [answer] = await once(outgoing, "response");
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
};

/** A signed GetItem with this body. */
const signed = (body: string, credentials = shared.credentials) => {
  const other = new DynamoDBClient({
    ...shared,
    credentials,
    endpoint: server.url,
    maxAttempts: 1,
  });
  other.middlewareStack.add(
    (next) => (args) => {
      const headers = { "content-length": String(Buffer.byteLength(body)) };
      // The SDK types every request as unknown. At this step it is an HTTP request.
      const built = args.request as { headers: Record<string, string> };
      Object.assign(built, { body, headers: { ...built.headers, ...headers } });
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  return other.send(new GetItemCommand({ TableName: table.name, Key: key("read") }));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-dynamo-"));
  await boot();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test("keeps rows over a restart", async () => {
  await put("kept");
  await server.close();
  await boot();
  expect(await has("kept")).toBe(true);
});

test("finds the next sequence number through an index", () => {
  const database = new DatabaseSync(join(folder, "dynamo.db"));
  const plan = database
    .prepare(
      "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = 'rushes'",
    )
    .all();
  database.close();
  expect(JSON.stringify(plan)).toContain("rushes_stream_sequence");
});

test("removes old stream records and continues the sequence", async () => {
  for (let n = 0; n < 5; n += 1) await put(`stream ${n}`);
  const before = records();
  pruneStreamRecords(join(folder, "dynamo.db"), Date.now() + 60_000, 0);
  expect(records()).toEqual({ count: 1, newest: before.newest });
  await put("after the pruning");
  expect(records().newest).toBeGreaterThan(before.newest);
});

test("removes expired rows only", async () => {
  const now = Math.floor(Date.now() / 1000);
  await put("expired", now - 10);
  await put("living", now + 1000);
  expect(await removeExpiredRows(client, table)).toBe(1);
  expect([await has("expired"), await has("living")]).toEqual([false, true]);
});

test.each([
  ["without a signature", {}, 403],
  ["with another machine's name in Host", { host: "rebound.example:8000" }, 421],
])("rejects a request %s, and lets no page read the response", async (_, headers, status) => {
  await put("read");
  const answer = await unsigned(headers);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain("Item");
  expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
});

test("rejects a request that is signed with another key", async () => {
  const other = { ...shared.credentials, secretAccessKey: "other" };
  await expect(signed(JSON.stringify({ TableName: table.name }), other)).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
});

test("opens no port for the database itself", async () => {
  const [program] = await programsOf(folder);
  if (program === undefined) throw new Error("The program is not running.");
  const links = await readdir(`/proc/${program}/fd`);
  const opened = await Promise.all(links.map((fd) => readlink(`/proc/${program}/fd/${fd}`)));
  const listening = new Set(
    (await readFile("/proc/net/tcp", "utf8"))
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map((columns) => `socket:[${columns[9]}]`),
  );
  expect(opened.filter((name) => listening.has(name))).toEqual([]);
});

test.each([
  ["an unpaired surrogate", '{"TableName":"rushes","Key":{"pk":{"S":"\\ud800"},"sk":{"S":"JOB"}}}'],
  ["very deep nesting", `{"TableName":"rushes","Key":${'{"M":'.repeat(200)}{}${"}".repeat(200)}}`],
  ["half of a document", '{"TableName":"rushes","Key":'],
])("responds with an error to %s, and handles the next request", async (_, body) => {
  await expect(signed(body)).rejects.toMatchObject({ name: "SerializationException" });
  await put("after that");
});

test("rejects an unsupported parameter by its name", async () => {
  await expect(signed('{"TableName":"rushes","Surprise":1}')).rejects.toThrow(
    "Surprise is not supported on one machine.",
  );
});

test("reports the reason for each item of a canceled transaction", async () => {
  await put("taken");
  const error = await client
    .send(
      new TransactWriteItemsCommand({
        TransactItems: ["free", "taken"].map((pk) => ({
          Put: {
            TableName: table.name,
            Item: key(pk),
            ConditionExpression: "attribute_not_exists(pk)",
          },
        })),
      }),
    )
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toHaveProperty("CancellationReasons", [
    { Code: "None" },
    { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
  ]);
  expect(await has("free")).toBe(false);
});

test("stops the database when its parent process is killed with -9", async () => {
  const other = await mkdtemp(join(tmpdir(), "rushes-dynamo-"));
  const script = `
    import { start } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const server = await start(${JSON.stringify({ ...shared, dataDir: other })});
    process.stdout.write(server.url);
    setInterval(() => {}, 1000);`;
  const child = execFile(process.execPath, ["--input-type=module-typescript", "-e", script]);
  const url = await new Promise<string>((done, failed) => {
    child.stdout?.once("data", (chunk) => done(String(chunk)));
    child.once("close", () => failed(new Error("It exited before it was ready.")));
  });
  expect(url).toMatch(/^http:/);
  expect(await programsOf(other)).toHaveLength(1);
  child.kill("SIGKILL");
  await expect.poll(() => programsOf(other), { timeout: 10_000 }).toEqual([]);
  await rm(other, { recursive: true, force: true });
});

test("resolves the next write after each kind of write, and not after a read", async () => {
  const TableName = table.name;
  const writes: [string, () => Promise<unknown>][] = [
    ["PutItem", () => put("written")],
    [
      "UpdateItem",
      () =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: key("written"),
            UpdateExpression: "SET title = :title",
            ExpressionAttributeValues: { ":title": { S: "Reel 7" } },
          }),
        ),
    ],
    [
      "TransactWriteItems",
      () =>
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Put: { TableName, Item: key("transacted") } }],
          }),
        ),
    ],
    [
      "BatchWriteItem",
      () =>
        client.send(
          new BatchWriteItemCommand({
            RequestItems: { [TableName]: [{ PutRequest: { Item: key("batched") } }] },
          }),
        ),
    ],
    ["DeleteItem", () => client.send(new DeleteItemCommand({ TableName, Key: key("written") }))],
  ];
  const found: string[] = [];
  for (const [name, write] of writes) {
    let read = true;
    const next = server.nextWrite().then(() => found.push(`${name}: ${read ? "read" : "write"}`));
    await has("written");
    read = false;
    await write();
    await next;
  }
  expect(found).toEqual(writes.map(([name]) => `${name}: write`));
});
