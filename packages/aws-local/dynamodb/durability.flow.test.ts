import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { wiring } from "@rushes/core/wiring";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { checkTable } from "./check.ts";
import { start } from "./index.ts";

const ITEMS = 40;
const options = {
  host: "127.0.0.1",
  port: 0,
  region: "us-east-1",
  tables: wiring.tables,
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
};
const TableName = wiring.tables[0]?.name;
const keyOf = (at: number) => ({ pk: { S: `JOB#${at}` }, sk: { S: "JOB" } });

async function fill(folder: string) {
  const server = await start({ ...options, dataDir: folder });
  const client = new DynamoDBClient({ ...options, endpoint: server.url });
  for (let at = 0; at < ITEMS; at += 1) {
    const Item = { ...keyOf(at), title: { S: "a film of many words ".repeat(20) } };
    await client.send(new PutItemCommand({ TableName, Item }));
  }
  client.destroy();
  return server;
}

/** Leaves changes in the log, as a killed SQLite does. Node's SQLite has the same files. */
async function leaveLog(folder: string): Promise<void> {
  const program = `import { DatabaseSync } from "node:sqlite";
const database = new DatabaseSync(${JSON.stringify(join(folder, "dynamo.db"))});
for (let at = 0; at < 20; at += 1)
  database.exec("UPDATE rushes SET cached_at = " + at + " WHERE rowid = " + (at + 1));
process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  await once(child, "close");
}

let stopped: string;
let killed: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "rushes-table-"));
  [stopped, killed] = [join(folder, "stopped"), join(folder, "killed")];
  await (await fill(stopped)).close();
  await cp(stopped, killed, { recursive: true });
  await leaveLog(killed);
  return () => rm(folder, { recursive: true });
});

async function copyOf(folder: string) {
  const copy = join(await mkdtemp(join(tmpdir(), "rushes-table-")), "dynamo");
  onTestFinished(() => rm(join(copy, ".."), { recursive: true }));
  await cp(folder, copy, { recursive: true });
  return { folder: copy, file: join(copy, "dynamo.db"), log: join(copy, "dynamo.db-wal") };
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

const startError = (file: string, hasObjects = true) =>
  checkTable(file, { hasObjects, retryForMs: 0 }).then(
    () => "started",
    (error: Error) => error.message,
  );

test("starts with all rows and no report after a stop or a kill", async () => {
  for (const from of [stopped, killed]) {
    const { folder, file } = await copyOf(from);
    const damage: string[] = [];
    const server = await start({
      ...options,
      dataDir: folder,
      hasObjects: true,
      onDamage: (one: string) => void damage.push(one),
    });
    const client = new DynamoDBClient({ ...options, endpoint: server.url });
    for (let at = 0; at < ITEMS; at += 1) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(at) }));
      expect(Item).toBeDefined();
    }
    client.destroy();
    await server.close();
    expect(damage).toEqual([]);
    expect((await stat(`${file}.daily`)).size).toBeGreaterThan(0);
  }
});

test("does not start without a table if the buckets contain objects", async () => {
  for (const harm of [rm, truncate]) {
    const { file } = await copyOf(stopped);
    await harm(file);
    expect(await startError(file)).toMatch(
      /is missing or empty, but the buckets contain videos. Restore/,
    );
    expect(await startError(file, false)).toBe("started");
    // Follow the instructions of the message.
    await cp(`${file}.daily`, file);
    await rm(`${file}.seal`);
    expect(await startError(file)).toBe("started");
  }
});

test("detects a changed byte anywhere in a stopped table and leaves the file unchanged", async () => {
  const { size } = await stat(join(stopped, "dynamo.db"));
  for (const at of [0, 100, 4096, Math.floor(size / 2), size - 10]) {
    const { file } = await copyOf(stopped);
    await flip(file, at);
    const before = await readFile(file);
    expect(await startError(file), `byte ${at}`).toMatch(/is damaged .* Restore it from a backup/);
    expect(await readFile(file)).toEqual(before);
  }
  const { file } = await copyOf(stopped);
  await truncate(file, Math.floor(size / 2));
  expect(await startError(file)).toMatch(/is damaged/);
}, 60_000);

test("detects damage before other changes of the log and says how to continue", async () => {
  const { size } = await stat(join(killed, "dynamo.db-wal"));
  expect(size).toBeGreaterThan(40_000);
  for (const at of [0, 20, 32 + 8, 32 + 24 + 100, Math.floor(size / 2)]) {
    const { log, file } = await copyOf(killed);
    await flip(log, at);
    const message = await startError(file);
    expect(message, `byte ${at}`).toMatch(/is damaged at byte \d+, .* Restore/);
    const [, offset = ""] = /truncate -s (\d+)/.exec(message) ?? [];
    await truncate(log, Number(offset));
    expect(await startError(file)).toBe("started");
  }
  const { log, file } = await copyOf(killed);
  await rm(log);
  expect(await startError(file)).toMatch(/dynamo.db-wal is missing/);
}, 60_000);

test("starts with a truncated log, and keeps a copy of one with a damaged last change", async () => {
  const { size } = await stat(join(killed, "dynamo.db-wal"));
  const cut = await copyOf(killed);
  await truncate(cut.log, size - 100);
  expect(await checkTable(cut.file, { hasObjects: true, retryForMs: 0 })).toEqual([]);

  const last = await copyOf(killed);
  await flip(last.log, size - 100);
  expect(await checkTable(last.file, { hasObjects: true, retryForMs: 0 })).toEqual([
    expect.stringContaining("The last change in"),
  ]);
  expect((await readdir(last.folder)).some((name) => name.includes("damaged"))).toBe(true);
});

test("writes its daily copy even if it closes right after its first start", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rushes-table-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  // Several times, because the copy is quick.
  for (const name of ["one", "two", "three", "four"]) {
    const dataDir = join(folder, name);
    await (await start({ ...options, dataDir })).close();
    const copy = join(dataDir, "dynamo.db.daily");
    expect(await checkTable(copy, { hasObjects: true })).toEqual([]);
  }
});
