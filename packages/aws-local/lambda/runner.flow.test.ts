import { fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boot, busEvent, count, eventually, folder, log, order, wire } from "./runner.fixture.ts";

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
  // One more than the queue may use.
  const { send } = await boot(wiring, {}, undefined, 3);
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
  await putEvents([busEvent("other", undefined, "elsewhere"), busEvent("matching")]);
  await expect.poll(() => count("end matching"), eventually).toBe(1);
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
  const second = await boot();
  expect(second.count("work")).toEqual({ visible: 0, hidden: 0 });
  expect(await second.deadLetters.list()).toEqual([]);
  await second.putEvents([busEvent("last")]);
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
