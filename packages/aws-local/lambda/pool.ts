import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** The error that a handler threw, or why its process ended. */
export class HandlerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface HandlerCall {
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
  /** Modules that a new worker imports at its start. */
  preload: string[];
  onLog(name: string, line: string): void;
}

/** How long a running handler may take to finish at shutdown, so that a mail is not sent twice. */
const GRACE_MS = 3000;

interface Worker {
  child: ChildProcess;
  /** Resolves when the handlers are imported. As on AWS, the handler's timeout does not include it. */
  ready: PromiseWithResolvers<void>;
  /** Set as soon as a call gets it, so that two calls in one tick never share it. */
  busy: boolean;
  running?: {
    name: string;
    id: string;
    /** True once the handler has received its event. */
    started: boolean;
    finished: Promise<void>;
    succeed(result: unknown): void;
    fail(error: Error): void;
  };
}

/** Worker processes. Each runs any handler, one event at a time. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts all workers, which import the handlers before the first call. */
  preload(): void {
    while (!this.#closed && this.#workers.size < this.#options.size) this.#spawn();
  }

  /** Runs one event. Rejects with the handler's error, a timeout, or the exit of the worker. */
  async run(call: HandlerCall): Promise<unknown> {
    const worker = await this.#acquire();
    const id = randomUUID();
    const finished = Promise.withResolvers<void>();
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        worker.running = undefined;
        worker.busy = false;
        settle();
        finished.resolve();
        this.#waiting.shift()?.();
      };
      worker.running = {
        name: call.function,
        id,
        started: false,
        finished: finished.promise,
        succeed: (result) => end(() => resolve(result)),
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
          region: this.#options.region,
        },
      };
      void worker.ready.promise.then(() => {
        // The worker may have exited during its start.
        if (worker.running?.id !== id) return;
        if (this.#closed) return end(() => reject(new Error("The runner is closing.")));
        worker.running.started = true;
        worker.child.send(message);
        timer = setTimeout(() => {
          const seconds = (call.timeoutMs / 1000).toFixed(2);
          end(() => reject(new HandlerError("Sandbox.Timedout", `Timed out after ${seconds} s.`)));
          this.#kill(worker);
        }, call.timeoutMs);
      });
    });
  }

  async #acquire(): Promise<Worker> {
    for (;;) {
      if (this.#closed) throw new Error("The runner is closing.");
      const idle = [...this.#workers].find((worker) => !worker.busy);
      const worker = idle ?? (this.#workers.size < this.#options.size ? this.#spawn() : undefined);
      if (worker) {
        worker.busy = true;
        return worker;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #spawn(): Worker {
    const child = fork(join(import.meta.dirname, "worker.ts"), [], {
      // Only the function's environment, and what every process needs.
      env: {
        NODE_ENV: "production",
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        ...this.#options.env,
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const worker: Worker = { child, ready: Promise.withResolvers(), busy: false };
    this.#workers.add(worker);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) =>
        this.#options.onLog(worker.running?.name ?? "worker", line),
      );
    }
    child.on("message", (message: FromWorker) => this.#onMessage(worker, message));
    child.on("error", (error) => this.#options.onLog("worker", String(error)));
    child.once("exit", (code, signal) => {
      this.#workers.delete(worker);
      worker.running?.fail(
        new HandlerError("Runtime.ExitError", `The process ended (${signal ?? code}).`),
      );
      this.#waiting.shift()?.();
    });
    const preload: ToWorker = { type: "preload", handlers: this.#options.preload };
    child.send(preload);
    return worker;
  }

  #onMessage(worker: Worker, message: FromWorker): void {
    if (message.type === "ready") {
      worker.ready.resolve();
      return;
    }
    if (worker.running?.id !== message.id) return;
    if (message.type === "done") worker.running.succeed(message.result);
    else worker.running.fail(new HandlerError(message.error.name, message.error.message));
  }

  #kill(worker: Worker): void {
    this.#workers.delete(worker);
    worker.child.kill("SIGKILL");
    if (!this.#closed) this.preload();
    this.#waiting.shift()?.();
  }

  /** Starts no more handlers, gives the running ones a moment to finish, and kills the workers. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const retry of this.#waiting.splice(0)) retry();
    const started = [...this.#workers].flatMap(({ running }) =>
      running?.started ? [running] : [],
    );
    const finishedEarly = new AbortController();
    await Promise.race([
      Promise.all(started.map(({ finished }) => finished)),
      wait(GRACE_MS, undefined, { signal: finishedEarly.signal }).catch(() => {}),
    ]);
    finishedEarly.abort();
    const exits = [...this.#workers].map((worker) => {
      const exited = once(worker.child, "exit");
      worker.child.kill("SIGKILL");
      return exited;
    });
    await Promise.all(exits);
  }
}
