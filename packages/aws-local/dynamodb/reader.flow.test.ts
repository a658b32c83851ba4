import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wiring } from "@rushes/core/wiring";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findDynoxide } from "./binary.ts";
import { start } from "./index.ts";
import { toolCall } from "./operations.ts";
import { type Program, startProgram } from "./program.ts";
import { createReader, type Reader } from "./reader.ts";

const [table] = wiring.tables;
if (!table) throw new Error("The wiring has no table.");
const TableName = table.name;
const GET = "DynamoDB_20120810.GetItem";
const QUERY = "DynamoDB_20120810.Query";
const PUT = "DynamoDB_20120810.PutItem";
const ROWS = 12;

let folder: string;
let program: Program;
let reader: Reader;

const S = (text: string) => ({ S: text });
const key = (at: number) => ({ pk: S(`JOB#${at}`), sk: S("JOB é😀") });
const row = (at: number) => ({
  ...key(at),
  text: S('quotes " and \\ and \n lines'),
  number: { N: "1.50" },
  big: { N: "12345678901234567890123456789012345678" },
  bytes: { B: "AAEC" },
  set: { SS: ["b", "a"] },
  numbers: { NS: ["2", "1"] },
  map: { M: { list: { L: [{ NULL: true }, { BOOL: false }] } } },
  // Its time to live has expired.
  ttl: { N: "1" },
  ownerPk: S("OWNER#1#JOB"),
  // Several rows have the same sort key.
  ownerSk: S(`job_${Math.floor(at / 3)}`),
});

/** What dynoxide itself responds. */
async function expected(target: string, request: object): Promise<unknown> {
  const { tool, input } = toolCall(target, request);
  const { text, isError } = await program.call(tool, input);
  expect(isError).toBe(false);
  return JSON.parse(text);
}
function read(target: string, request: object): unknown {
  const text = reader.read(target, request);
  return text === undefined ? undefined : JSON.parse(text);
}
const query = (changes: object = {}, partition = "OWNER#1#JOB") => ({
  TableName,
  IndexName: "owner",
  KeyConditionExpression: "#pk = :pk",
  ExpressionAttributeNames: { "#pk": "ownerPk" },
  ExpressionAttributeValues: { ":pk": S(partition) },
  ...changes,
});
const ofTable = (changes: object = {}) => ({
  ...query(changes, "JOB#1"),
  IndexName: undefined,
  ExpressionAttributeNames: { "#pk": "pk" },
  ConsistentRead: true,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-reader-"));
  // Creates the tables.
  const server = await start({
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    tables: wiring.tables,
    dataDir: folder,
  });
  await server.close();
  program = await startProgram(findDynoxide(), join(folder, "dynamo.db"));
  reader = createReader(join(folder, "dynamo.db"), wiring.tables);
  for (let at = 0; at < ROWS; at += 1) await expected(PUT, { TableName, Item: row(at) });
  for (const sk of ["1", "2", "3"]) {
    await expected(PUT, { TableName, Item: { pk: S("JOB#1"), sk: S(sk) } });
  }
});
afterAll(async () => {
  reader.close();
  await program.close();
  await rm(folder, { recursive: true, force: true });
});

test("reads a row like dynoxide, directly after it was written", async () => {
  for (const Key of [key(0), key(ROWS - 1), { pk: S("JOB#1"), sk: S("none") }]) {
    const request = { TableName, Key, ConsistentRead: true };
    expect(read(GET, request)).toEqual(await expected(GET, request));
  }
  for (const title of ["first", "second"]) {
    await expected(PUT, { TableName, Item: { ...key(0), ...row(0), title: S(title) } });
    expect(read(GET, { TableName, Key: key(0) })).toHaveProperty("Item.title.S", title);
  }
});

test.each([
  ["an index", query],
  ["the table", ofTable],
])("reads every page of %s like dynoxide, in both directions", async (_, requestOf) => {
  for (const ScanIndexForward of [true, false, undefined]) {
    for (const Limit of [1, 2, 5, ROWS, ROWS + 1, undefined]) {
      let ExclusiveStartKey: unknown;
      do {
        const request = requestOf({ ScanIndexForward, Limit, ExclusiveStartKey });
        // As the endpoint receives it: without the undefined parameters.
        const received = JSON.parse(JSON.stringify(request));
        const page = read(QUERY, received);
        expect(page).toEqual(await expected(QUERY, received));
        ExclusiveStartKey = (page as { LastEvaluatedKey?: unknown }).LastEvaluatedKey;
      } while (ExclusiveStartKey);
    }
  }
  const empty = JSON.parse(JSON.stringify(query({}, "OWNER#2#JOB")));
  expect(read(QUERY, empty)).toEqual({ Count: 0, Items: [], ScannedCount: 0 });
});

test.each([
  ["a write", PUT, { TableName, Item: key(1) }],
  ["another table", GET, { TableName: "other", Key: key(1) }],
  ["a projection", GET, { TableName, Key: key(1), ProjectionExpression: "pk" }],
  ["an incomplete key", GET, { TableName, Key: { pk: S("JOB#1") } }],
  ["another attribute in the key", GET, { TableName, Key: { ...key(1), more: S("x") } }],
  ["a key of another type", GET, { TableName, Key: { ...key(1), sk: { N: "1" } } }],
  ["an empty key", GET, { TableName, Key: { ...key(1), sk: S("") } }],
  ["an unpaired surrogate", GET, { TableName, Key: { ...key(1), sk: S("\ud800") } }],
  ["another index", QUERY, query({ IndexName: "other" })],
  ["another attribute", QUERY, query({ ExpressionAttributeNames: { "#pk": "pk" } })],
  ["another condition", QUERY, query({ KeyConditionExpression: "#pk = :pk AND #sk = :sk" })],
  ["a filter", QUERY, query({ FilterExpression: "#pk = :pk" })],
  ["a wrong limit", QUERY, query({ Limit: 0 })],
  [
    "a start of another partition",
    QUERY,
    query({ ExclusiveStartKey: { ...key(1), ownerPk: S("o"), ownerSk: S("s") } }),
  ],
  ["an incomplete start", QUERY, query({ ExclusiveStartKey: key(1) })],
  ["no request", GET, null],
])("leaves %s to dynoxide", (_, target, request) => {
  expect(reader.read(target, request)).toBeUndefined();
});

test("leaves a page that may be over 1 MB to dynoxide", async () => {
  const text = S("x".repeat(300_000));
  for (const sk of ["1", "2"]) {
    await expected(PUT, { TableName, Item: { pk: S("BIG"), sk: S(sk), text } });
  }
  const request = { ...ofTable(), ExpressionAttributeValues: { ":pk": S("BIG") } };
  expect(read(QUERY, JSON.parse(JSON.stringify(request)))).toBeUndefined();
});

test("leaves every read to dynoxide if the file cannot be opened", () => {
  const none = createReader(join(folder, "none.db"), wiring.tables);
  expect(none.read(GET, { TableName, Key: key(0) })).toBeUndefined();
});
