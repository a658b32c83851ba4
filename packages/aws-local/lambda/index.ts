/**
 * The runner: functions, queues, streams, event rules and schedules on one machine, with the retries
 * and the dead-letter queues that they have on AWS. Two delays are shorter than on AWS because a person
 * waits: a failed message becomes visible again after seconds instead of its visibility timeout, and
 * an asynchronous event is retried after 1 and 4 seconds instead of 1 and 2 minutes.
 */
import type { Wiring } from "@rushes/core/wiring";
import type { BusEvent } from "./bus-event.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Functions } from "./functions.ts";
import { Invocations } from "./invocations.ts";
import { compile } from "./pattern.ts";
import { Queues } from "./queues.ts";
import { startSchedules } from "./schedules.ts";
import { RunnerStore } from "./store.ts";
import { Stream } from "./stream.ts";

export type { BusEvent } from "./bus-event.ts";

export interface RunnerOptions {
  dataDir: string;
  /** Handlers' paths are relative to this folder. */
  root: string;
  wiring: Wiring;
  env: Record<string, string>;
  /** How many processes run functions. The default is 3. */
  workers?: number;
  onLog?(line: string): void;
  /** Receives one sentence for each damage found in the data. */
  onDamage?(sentence: string): void;
  /** Resolves after the next write to a table. Without it, a stream is read once a second. */
  nextWrite?(): Promise<void>;
  /** Milliseconds to wait after the n-th failure. The default is 1 s, 4 s, 16 s and so on. */
  delayMs?(attempts: number): number;
}

export interface Runner {
  /** Sends a message to a queue. It is durable when this resolves. */
  send(queue: string, body: string): Promise<void>;
  /** Counts a queue's messages. Hidden ones were received, or wait after a failure. */
  count(queue: string): { visible: number; hidden: number };
  /** Puts events on the bus. They are durable for every matching rule when this resolves. */
  putEvents(events: BusEvent[]): Promise<void>;
  /** Runs a function now. Returns what the handler returns, and throws what it throws. */
  invoke(name: string, payload: unknown): Promise<unknown>;
  /** Runs a function soon, with retries. The event is durable when this resolves. */
  invokeAsync(name: string, payload: unknown): Promise<void>;
  deadLetters: Pick<DeadLetters, "list" | "redrive" | "count" | "receive" | "hide" | "remove">;
  close(): Promise<void>;
}

const never = () => new Promise<void>(() => {});
const backOff = (attempts: number) => 1000 * 4 ** Math.max(0, attempts - 1);

/** Starts the runner. @throws PatternError for an event pattern that it does not support. */
export async function start(options: RunnerOptions): Promise<Runner> {
  const { wiring, env, root, onLog, nextWrite = never, delayMs = backOff } = options;
  const region = env.AWS_REGION ?? "us-east-1";
  const rules = wiring.rules.map((rule) => ({ ...rule, matches: compile(rule.pattern) }));
  const store = await RunnerStore.open(options.dataDir);
  for (const sentence of store.damage) options.onDamage?.(sentence);
  const functions = new Functions({
    ...{ functions: wiring.functions, root, env, region, onLog },
    workers: options.workers,
  });
  const run = (name: string, payload: unknown) => functions.run(name, payload);
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
  const streams = wiring.tables.map(
    (table) =>
      new Stream({
        store,
        table,
        functions: wiring.functions,
        env,
        nextWrite,
        run,
        retryDelayMs: delayMs,
      }),
  );
  const stopSchedules = startSchedules(wiring.schedules, { invocations, region, onLog });

  functions.preload();
  await queues.load();
  await invocations.load();
  for (const stream of streams) stream.start();

  return {
    send: (queue, body) => queues.send(queue, body),
    count: (queue) => queues.count(queue),
    putEvents: (events) =>
      invocations.add(
        events.flatMap((event) =>
          rules
            .filter((rule) => rule.matches(event))
            .map((rule) => ({ function: rule.function, payload: event })),
        ),
      ),
    invoke: run,
    invokeAsync: (name, payload) => invocations.add([{ function: name, payload }]),
    deadLetters: new DeadLetters({ store, queues, invocations }),
    async close() {
      stopSchedules();
      const closing = [queues, invocations, ...streams].map((part) => part.close());
      await functions.close();
      await Promise.all(closing);
      await store.close();
    },
  };
}
