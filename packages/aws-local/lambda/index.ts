/**
 * The runner: functions, queues, streams, event rules and schedules on one machine, with the retries
 * and the dead-letter queues that they have on AWS. Two delays are shorter than there, because a
 * person waits: a failed message is seen again after seconds instead of its visibility timeout, and
 * an asynchronous event is tried again after 1 and 4 seconds instead of 1 and 2 minutes.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Wiring } from "@rushes/core/wiring";
import { Invocations } from "./invocations.ts";
import { type Held, Letters } from "./letters.ts";
import { compile } from "./pattern.ts";
import { Pool } from "./pool.ts";
import { Queues } from "./queues.ts";
import { type DeadLetter, Store } from "./store.ts";
import { Stream, type StreamOptions } from "./stream.ts";

/** Two cores; a third hides the waiting of the other two. */
const WORKERS = 3;
/** The first run of a schedule comes soon after the start: what a crash left open is looked after. */
const FIRST_RUN_MS = 1000;

/** An event of the bus, in EventBridge's whole envelope. */
export interface BusEvent {
  version: string;
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export interface RunnerOptions {
  dataDir: string;
  /** Handlers' paths start here. */
  root: string;
  wiring: Wiring;
  env: Record<string, string>;
  onLog?(line: string): void;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?(sentence: string): void;
  /** Milliseconds after the n-th failure; 1 s, 4 s, 16 s … unless told. */
  delayMs?(attempts: number): number;
}

export interface Count {
  visible: number;
  hidden: number;
}

export interface Runner {
  /** Sends a message to a queue; durable when this resolves. */
  send(queue: string, body: string): Promise<void>;
  /** How many messages a queue has to hand out, and how many it has handed out. */
  count(queue: string): Count;
  /** Puts events on the bus; durable for every rule that fits when this resolves. */
  putEvents(events: BusEvent[]): Promise<void>;
  /** Runs a function now and answers what it answers; throws what it throws. */
  invoke(name: string, payload: unknown): Promise<unknown>;
  /** Runs a function soon, with retries; durable when this resolves. */
  invokeAsync(name: string, payload: unknown): Promise<void>;
  deadLetters: {
    list(queue?: string): Promise<DeadLetter[]>;
    /** Sends dead letters to where they came from, and answers how many. */
    redrive(queue?: string): Promise<number>;
    count(queue: string): Promise<Count>;
    /** Hands letters out as SQS does: each hidden for a while from whoever asks next. */
    receive(queue: string, limit: number, visibilityMs: number): Promise<Held[]>;
    /** Hides a received letter from now on for so long; 0 gives it back. False for an old receipt. */
    hide(queue: string, receipt: string, forMs: number): Promise<boolean>;
    remove(queue: string, receipt: string): Promise<void>;
  };
  close(): Promise<void>;
}

const backOff = (attempts: number) => 1000 * 4 ** Math.max(0, attempts - 1);

/** Starts the runner. Throws a PatternError on an event pattern that it cannot follow to the letter. */
export async function start(options: RunnerOptions): Promise<Runner> {
  const { wiring, env, root } = options;
  const delayMs = options.delayMs ?? backOff;
  const region = env.AWS_REGION ?? "us-east-1";
  const rules = wiring.rules.map((rule) => ({ ...rule, test: compile(rule.pattern) }));
  const store = await Store.open(options.dataDir);
  for (const sentence of store.damage) options.onDamage?.(sentence);
  const pool = new Pool({
    size: WORKERS,
    env,
    region,
    warm: Object.values(wiring.functions).map(({ handler }) => join(root, handler)),
    onLog: (name, line) => options.onLog?.(`${name} ${line}`),
  });

  const run = async (name: string, payload: unknown): Promise<unknown> => {
    const wired = wiring.functions[name];
    if (!wired) throw new Error(`There is no function "${name}".`);
    try {
      return await pool.run({
        function: name,
        handler: join(root, wired.handler),
        timeoutMs: wired.timeoutSeconds * 1000,
        payload,
      });
    } catch (error) {
      options.onLog?.(`${name} failed: ${String(error)}`);
      throw error;
    }
  };

  const queues = new Queues({
    store,
    wiring: wiring.queues,
    region,
    failureBackoffMs: delayMs,
    run,
  });
  const invocations = new Invocations({
    store,
    functions: wiring.functions,
    retryDelayMs: delayMs,
    run,
  });
  const bury = (name: string): StreamOptions["bury"] => {
    return async ({ record, at, attempts, error }) => {
      const id = Store.id();
      const queue = wiring.functions[name]?.onFailure ?? `${name}-dead`;
      const letter: DeadLetter = {
        ...{ id, queue, attempts, error, time: new Date().toISOString() },
        origin: { kind: "stream", function: name, ...at },
        payload: { Records: [record] },
      };
      await store.write({ put: [[Store.key.dead(queue, id), letter]] });
    };
  };
  const streams = wiring.tables.map(
    (table) =>
      new Stream({
        ...{ store, table, env, run },
        retryDelayMs: delayMs,
        bury: bury(table.stream.function),
      }),
  );

  const runSchedule = (name: string, schedule: string) => {
    // An overlap would only find the same work.
    if (invocations.isBusy(name)) return;
    const event = scheduledEvent(schedule, region);
    invocations
      .add([{ function: name, payload: event }])
      .catch((error) => options.onLog?.(`schedule ${schedule}: ${String(error)}`));
  };
  const timers = wiring.schedules.flatMap((schedule) => {
    const go = () => runSchedule(schedule.function, schedule.name);
    return [setTimeout(go, FIRST_RUN_MS), setInterval(go, schedule.everySeconds * 1000)];
  });

  pool.warm();
  await queues.load();
  await invocations.load();
  for (const stream of streams) stream.start();

  const letters = new Letters(store);
  return {
    send: (queue, body) => queues.send(queue, body),
    count: (queue) => queues.count(queue),
    putEvents: (events) =>
      invocations.add(
        events.flatMap((event) =>
          rules
            .filter((rule) => rule.test(event))
            .map((rule) => ({ function: rule.function, payload: event })),
        ),
      ),
    invoke: run,
    invokeAsync: (name, payload) => invocations.add([{ function: name, payload }]),
    deadLetters: {
      list: (queue) => letters.list(queue),
      count: (queue) => letters.count(queue),
      receive: (queue, limit, visibilityMs) => letters.receive(queue, limit, visibilityMs),
      hide: (queue, receipt, forMs) => letters.hide(queue, receipt, forMs),
      remove: (queue, receipt) => letters.remove(queue, receipt),
      async redrive(queue) {
        const all = await letters.list(queue);
        for (const letter of all) {
          // Sent before it is removed: a crash between the two repeats it, and repeats are safe.
          if (letter.origin.kind === "queue") {
            await queues.send(letter.origin.queue, String(letter.payload));
          } else {
            await invocations.add([{ function: letter.origin.function, payload: letter.payload }]);
          }
          await store.write({ remove: [Store.key.dead(letter.queue, letter.id)] });
        }
        return all.length;
      },
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closing = [queues.close(), invocations.close(), ...streams.map((one) => one.close())];
      await pool.close();
      await Promise.all(closing);
      await store.close();
    },
  };
}

function scheduledEvent(schedule: string, region: string): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    time: new Date().toISOString(),
    region,
    resources: [`arn:aws:events:${region}:000000000000:rule/${schedule}`],
    detail: {},
  };
}
