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
  ...{ host: "127.0.0.1", port: 0, region: "us-east-1", tables: wiring.tables },
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

/** Changes that a killed SQLite left in its log; made by Node's, whose files are the same. */
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

const refused = (file: string, holds = true) =>
  checkTable(file, { holds, patienceMs: 0 }).then(
    () => "started",
    (error: Error) => error.message,
  );

test("a table that was stopped or killed starts with all of its rows, and without a word", async () => {
  for (const from of [stopped, killed]) {
    const { folder, file } = await copyOf(from);
    const damage: string[] = [];
    const server = await start({
      ...options,
      ...{ dataDir: folder, holds: true, onDamage: (one: string) => void damage.push(one) },
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

test("a table that is missing or empty beside full buckets is refused, and starts beside empty ones", async () => {
  for (const harm of [rm, truncate]) {
    const { file } = await copyOf(stopped);
    await harm(file);
    expect(await refused(file)).toMatch(
      /is missing or empty, and the buckets hold videos. Restore/,
    );
    expect(await refused(file, false)).toBe("started");
    // As the sentence says.
    await cp(`${file}.daily`, file);
    await rm(`${file}.seal`);
    expect(await refused(file)).toBe("started");
  }
});

test("a byte that changed anywhere in a stopped table is refused, and the file is left as it is", async () => {
  const { size } = await stat(join(stopped, "dynamo.db"));
  for (const at of [0, 100, 4096, Math.floor(size / 2), size - 10]) {
    const { file } = await copyOf(stopped);
    await flip(file, at);
    const before = await readFile(file);
    expect(await refused(file), `byte ${at}`).toMatch(/is damaged .* Restore it from a backup/);
    expect(await readFile(file)).toEqual(before);
  }
  const { file } = await copyOf(stopped);
  await truncate(file, Math.floor(size / 2));
  expect(await refused(file)).toMatch(/is damaged/);
}, 60_000);

test("damage in the log before other changes is refused with the way to go on", async () => {
  const { size } = await stat(join(killed, "dynamo.db-wal"));
  expect(size).toBeGreaterThan(40_000);
  for (const at of [0, 20, 32 + 8, 32 + 24 + 100, Math.floor(size / 2)]) {
    const { log, file } = await copyOf(killed);
    await flip(log, at);
    const sentence = await refused(file);
    expect(sentence, `byte ${at}`).toMatch(/is damaged at byte \d+, .* Restore/);
    const [, offset = ""] = /truncate -s (\d+)/.exec(sentence) ?? [];
    await truncate(log, Number(offset));
    expect(await refused(file)).toBe("started");
  }
  const { log, file } = await copyOf(killed);
  await rm(log);
  expect(await refused(file)).toMatch(/dynamo.db-wal is missing/);
}, 60_000);

test("a log that a crash cut off starts; one whose last change is damaged is kept", async () => {
  const { size } = await stat(join(killed, "dynamo.db-wal"));
  const cut = await copyOf(killed);
  await truncate(cut.log, size - 100);
  expect(await checkTable(cut.file, { holds: true, patienceMs: 0 })).toEqual([]);

  const last = await copyOf(killed);
  await flip(last.log, size - 100);
  expect(await checkTable(last.file, { holds: true, patienceMs: 0 })).toEqual([
    expect.stringContaining("The last change in"),
  ]);
  expect((await readdir(last.folder)).some((name) => name.includes("damaged"))).toBe(true);
});
