import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** A handler threw; carries the name and message of what it threw. */
export class HandlerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface Call {
  function: string;
  /** Absolute path of the module that exports `handler`. */
  handler: string;
  timeoutMs: number;
  payload: unknown;
}

export interface PoolOptions {
  size: number;
  env: Record<string, string>;
  region: string;
  /** Modules that a new worker imports before it is needed. */
  warm: string[];
  onLog(name: string, line: string): void;
}

/** A handler that runs when the home is closed may finish, so that a mail is not sent twice. */
const GRACE_MS = 3000;

interface Worker {
  child: ChildProcess;
  /** Resolves when the handlers are imported: as on AWS, that is not on the handler's clock. */
  ready: PromiseWithResolvers<void>;
  /** Set the moment it is given out, so that two calls of one tick never share it. */
  taken: boolean;
  running?: {
    name: string;
    id: string;
    /** True once the handler has its event. */
    begun: boolean;
    over: Promise<void>;
    done(result: unknown): void;
    fail(error: Error): void;
  };
}

/** Worker processes, any of which runs any handler, one event at a time. */
export class Pool {
  private readonly options: PoolOptions;
  private readonly workers = new Set<Worker>();
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** Starts every worker and has it import the handlers; a later call finds them warm. */
  warm(): void {
    while (!this.closed && this.workers.size < this.options.size) this.spawn();
  }

  /** Runs one event. Rejects with what the handler threw, a timeout, or the worker's death. */
  async run(call: Call): Promise<unknown> {
    const worker = await this.free();
    const id = randomUUID();
    const over = Promise.withResolvers<void>();
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (tell: () => void) => {
        clearTimeout(timer);
        worker.running = undefined;
        worker.taken = false;
        tell();
        over.resolve();
        this.waiting.shift()?.();
      };
      worker.running = {
        name: call.function,
        id,
        begun: false,
        over: over.promise,
        done: (result) => end(() => resolve(result)),
        fail: (error) => end(() => reject(error)),
      };
      const message: ToWorker = {
        type: "run",
        id,
        handler: call.handler,
        payload: call.payload,
        context: {
          functionName: call.function,
          awsRequestId: id,
          timeoutMs: call.timeoutMs,
          region: this.options.region,
        },
      };
      void worker.ready.promise.then(() => {
        // It may have died while it started.
        if (worker.running?.id !== id) return;
        if (this.closed) return end(() => reject(new Error("The runner is closing.")));
        worker.running.begun = true;
        worker.child.send(message);
        timer = setTimeout(() => {
          const seconds = (call.timeoutMs / 1000).toFixed(2);
          end(() => reject(new HandlerError("Sandbox.Timedout", `Timed out after ${seconds} s.`)));
          this.drop(worker);
        }, call.timeoutMs);
      });
    });
  }

  private async free(): Promise<Worker> {
    for (;;) {
      if (this.closed) throw new Error("The runner is closing.");
      const idle = [...this.workers].find((worker) => !worker.taken);
      const worker = idle ?? (this.workers.size < this.options.size ? this.spawn() : undefined);
      if (worker) {
        worker.taken = true;
        return worker;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private spawn(): Worker {
    const child = fork(join(import.meta.dirname, "worker.ts"), [], {
      // Only what a function is given, and what a process needs to run at all.
      env: {
        NODE_ENV: "production",
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        ...this.options.env,
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const worker: Worker = { child, ready: Promise.withResolvers(), taken: false };
    this.workers.add(worker);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) =>
        this.options.onLog(worker.running?.name ?? "worker", line),
      );
    }
    child.on("message", (message: FromWorker) => this.hear(worker, message));
    child.on("error", (error) => this.options.onLog("worker", String(error)));
    child.once("exit", (code, signal) => {
      this.workers.delete(worker);
      worker.running?.fail(
        new HandlerError("Runtime.ExitError", `The process ended (${signal ?? code}).`),
      );
      this.waiting.shift()?.();
    });
    const warm: ToWorker = { type: "warm", handlers: this.options.warm };
    child.send(warm);
    return worker;
  }

  private hear(worker: Worker, message: FromWorker): void {
    if (message.type === "ready") {
      worker.ready.resolve();
      return;
    }
    if (worker.running?.id !== message.id) return;
    if (message.type === "done") worker.running.done(message.result);
    else worker.running.fail(new HandlerError(message.error.name, message.error.message));
  }

  private drop(worker: Worker): void {
    this.workers.delete(worker);
    worker.child.kill("SIGKILL");
    if (!this.closed) this.warm();
    this.waiting.shift()?.();
  }

  /** Starts nothing more, waits a moment for what runs, and kills what is left. */
  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.waiting.splice(0)) wake();
    const begun = [...this.workers].flatMap(({ running }) => (running?.begun ? [running] : []));
    const waited = new AbortController();
    await Promise.race([
      Promise.all(begun.map(({ over }) => over)),
      wait(GRACE_MS, undefined, { signal: waited.signal }).catch(() => {}),
    ]);
    waited.abort();
    const ends = [...this.workers].map((worker) => {
      const ended = new Promise((resolve) => worker.child.once("exit", resolve));
      worker.child.kill("SIGKILL");
      return ended;
    });
    await Promise.all(ends);
  }
}
