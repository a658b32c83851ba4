import { fork } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Wiring } from "@rushes/core/wiring";
import { afterEach, beforeEach, expect, test } from "vitest";
import { start as startDynamo } from "../dynamodb/index.ts";
import { deadLetterBody } from "./dead-letter-body.ts";
import { type BusEvent, type Runner, start } from "./index.ts";

const credentials = { accessKeyId: "a", secretAccessKey: "b" };

let folder: string;
let runner: Runner | undefined;
const after: (() => Promise<unknown>)[] = [];

function wire(change: Partial<Wiring> = {}): Wiring {
  return {
    tables: [],
    buckets: [],
    queues: {
      work: {
        visibilityTimeoutSeconds: 30,
        maxReceiveCount: 3,
        deadLetter: "work-dead",
        subscriber: { function: "obey", batchSize: 10, maximumConcurrency: 2 },
      },
    },
    functions: { obey: { handler: "handler.ts", timeoutSeconds: 1, onFailure: "obey-dead" } },
    rules: [{ name: "rule", pattern: { source: ["test"] }, function: "obey" }],
    schedules: [],
    ...change,
  };
}

const boot = async (wiring = wire(), env: Record<string, string> = {}) => {
  runner = await start({
    dataDir: join(folder, "runner"),
    root: join(import.meta.dirname, "fixtures"),
    wiring,
    env: { TEST_LOG: join(folder, "log"), ...env },
    delayMs: () => 20,
  });
  return runner;
};
const log = async () =>
  (await readFile(join(folder, "log"), "utf8").catch(() => "")).split("\n").filter(Boolean);
const count = async (line: string) => (await log()).filter((one) => one === line).length;
const order = (id: string, act?: string) => JSON.stringify({ id, act });
const busEvent = (id: string, act?: string, source = "test"): BusEvent => ({
  version: "0",
  id,
  "detail-type": "Order",
  source,
  account: "0",
  time: new Date(0).toISOString(),
  region: "r",
  resources: [],
  detail: { id, act },
});
const eventually = { timeout: 20_000, interval: 20 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-runner-"));
});
afterEach(async () => {
  await runner?.close();
  runner = undefined;
  for (const one of after.splice(0)) await one();
  await rm(folder, { recursive: true, force: true });
});

test.each(["throw", "hang", "exit"])(
  "moves a message to the dead-letter queue after three failed receives (%s)",
  async (act) => {
    const { send, deadLetters } = await boot();
    await send("work", order("bad", act));
    await expect.poll(() => deadLetters.list(), eventually).toHaveLength(1);
    expect(await count("start bad")).toBe(3);
    const [deadLetter] = await deadLetters.list("work-dead");
    expect(deadLetter).toMatchObject({ attempts: 3, origin: { kind: "queue", queue: "work" } });
    expect(deadLetter?.error).toMatch(/told to throw|Timed out|ended/);
  },
);

test.each(["throw", "hang", "exit"])(
  "moves an event to the dead-letter queue after one try and two retries (%s)",
  async (act) => {
    const { putEvents, deadLetters } = await boot();
    await putEvents([busEvent("bad", act)]);
    await expect.poll(() => deadLetters.list("obey-dead"), eventually).toHaveLength(1);
    expect(await count("start bad")).toBe(3);
  },
);

test("retries only the messages that the handler reports as failed", async () => {
  // Both receivers are busy, so the next three messages wait and make one batch.
  const { send, deadLetters } = await boot();
  await Promise.all([
    send("work", order("blocker", "wait")),
    send("work", order("blocker", "wait")),
    ...["good", "well"].map((id) => send("work", order(id))),
    send("work", order("bad", "fail")),
  ]);
  await expect.poll(() => deadLetters.list(), eventually).toHaveLength(1);
  expect([await count("end good"), await count("end well")]).toEqual([1, 1]);
  expect(await count("start bad")).toBe(3);
});

test("runs no more handlers of a queue at once than its maximum concurrency", async () => {
  const wiring = wire();
  const queue = wiring.queues.work;
  if (!queue) throw new Error("No queue.");
  queue.subscriber = { function: "obey", batchSize: 1, maximumConcurrency: 2 };
  const { send } = await boot(wiring);
  await Promise.all([..."abcdef"].map((id) => send("work", order(id, "wait"))));
  await expect
    .poll(async () => (await log()).filter((line) => line.startsWith("end")).length, eventually)
    .toBe(6);
  let open = 0;
  let most = 0;
  for (const line of await log()) {
    open += line.startsWith("start") ? 1 : -1;
    most = Math.max(most, open);
  }
  expect(most).toBe(2);
});

test("delivers an event only to the rules that match it", async () => {
  const { putEvents } = await boot();
  await putEvents([busEvent("other", undefined, "elsewhere"), busEvent("ours")]);
  await expect.poll(() => count("end ours"), eventually).toBe(1);
  expect(await count("start other")).toBe(0);
});

test("does not start with an unsupported rule", async () => {
  const rules = [{ name: "r", pattern: { source: [{ cidr: "10.0.0.0/8" }] }, function: "obey" }];
  await expect(boot(wire({ rules }))).rejects.toThrow(/"cidr" is not supported/);
});

test("redrives a dead-letter message and removes it from the list", async () => {
  const { send, deadLetters } = await boot();
  await send("work", order("late", "throw"));
  await expect.poll(() => deadLetters.list(), eventually).toHaveLength(1);
  expect(await deadLetters.redrive("work-dead")).toBe(1);
  await expect.poll(() => count("start late"), eventually).toBeGreaterThan(3);
  await expect.poll(() => deadLetters.list(), eventually).toHaveLength(1);
});

test("lets a running handler finish at shutdown and does not run it again", async () => {
  const { send, putEvents, close } = await boot();
  await send("work", order("one", "wait"));
  await putEvents([busEvent("two", "wait")]);
  for (const id of ["one", "two"])
    await expect.poll(() => count(`start ${id}`), eventually).toBe(1);
  await close();
  expect((await log()).filter((line) => line.startsWith("end")).sort()).toEqual([
    "end one",
    "end two",
  ]);
  const { deadLetters, count: waiting } = await boot();
  expect(waiting("work")).toEqual({ visible: 0, hidden: 0 });
  expect(await deadLetters.list()).toEqual([]);
  await runner?.putEvents([busEvent("last")]);
  await expect.poll(() => count("end last"), eventually).toBe(1);
  expect([await count("start one"), await count("start two")]).toEqual([1, 1]);
});

test("runs a schedule soon after the start", async () => {
  await boot(wire({ schedules: [{ name: "s", everySeconds: 3600, function: "obey" }] }));
  await expect.poll(async () => (await log()).length, eventually).toBe(2);
});

test("handles a message again after kill -9 during its handler", async () => {
  const script = join(folder, "runner.ts");
  await writeFile(
    script,
    `import { start } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
     const runner = await start(${JSON.stringify({
       dataDir: join(folder, "runner"),
       root: join(import.meta.dirname, "fixtures"),
       wiring: wire(),
       env: { TEST_LOG: join(folder, "log") },
     })});
     await runner.send("work", ${JSON.stringify(order("one", "wait"))});
     await runner.putEvents([${JSON.stringify(busEvent("two", "wait"))}]);
     process.send("sent");`,
  );
  const child = fork(script, [], { execArgv: [] });
  await new Promise((resolve) => child.once("message", resolve));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  await boot();
  await expect.poll(() => count("end one"), eventually).toBeGreaterThan(0);
  await expect.poll(() => count("end two"), eventually).toBeGreaterThan(0);
});

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

test("delivers a stream in order and filtered, and moves a failing record to the dead-letter queue", async () => {
  const dynamo = await startDynamo({
    dataDir: join(folder, "dynamo"),
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    tables: [table],
  });
  after.push(() => dynamo.close());
  const client = new DynamoDBClient({ endpoint: dynamo.url, region: "us-east-1", credentials });
  const put = (pk: string, kind: string) =>
    client.send(
      new PutItemCommand({
        TableName: "orders",
        Item: { pk: { S: pk }, sk: { S: "x" }, kind: { S: kind } },
      }),
    );
  const { deadLetters, close } = await boot(wire({ tables: [table] }), {
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamo.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  });
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
  await boot(wire({ tables: [table] }), {
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamo.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  });
  await expect.poll(() => count("end after"), eventually).toBe(1);
  expect((await log()).length).toBe(before + 2);
});

test("delivers the stream of a recreated table from its beginning", async () => {
  const wiring = wire({ tables: [table] });
  for (const [name, pk] of [
    ["first", "old"],
    ["second", "new"],
  ] as const) {
    const dynamo = await startDynamo({
      dataDir: join(folder, name),
      host: "127.0.0.1",
      port: 0,
      region: "us-east-1",
      credentials,
      tables: [table],
    });
    const client = new DynamoDBClient({ endpoint: dynamo.url, region: "us-east-1", credentials });
    const Item = { pk: { S: pk }, sk: { S: "x" }, kind: { S: "wanted" } };
    await client.send(new PutItemCommand({ TableName: "orders", Item }));
    const { close } = await boot(wiring, {
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamo.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
    });
    await expect.poll(() => count(`end ${pk}`), { timeout: 5000, interval: 20 }).toBe(1);
    await close();
    runner = undefined;
    await dynamo.close();
  }
});
