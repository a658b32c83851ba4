import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** A handler failed: what it threw, `Sandbox.Timedout`, or `Runtime.ExitError` when its process ended. */
export class HandlerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The runner closed before the handler had ended: neither success nor failure. */
export class InterruptedError extends Error {
  constructor() {
    super("The runner closed before the function had ended.");
    this.name = "InterruptedError";
  }
}

export interface Call {
  function: string;
  /** Absolute path of the module that exports `handler`. */
  handler: string;
  timeoutMs: number;
  payload: unknown;
}

export interface WorkerOptions {
  env: Record<string, string>;
  region: string;
  /** Modules to import before it says that it is ready. */
  warm: string[];
  onLog(name: string, line: string): void;
  /** It became ready or idle, or it ended. */
  onChange(worker: WorkerProcess): void;
}

/** One process that runs any handler, one event at a time. */
export class WorkerProcess {
  state: "starting" | "idle" | "busy" | "gone" = "starting";
  /** False if it ended before it had imported the handlers. */
  wasReady = false;
  idleSinceMs = Date.now();
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly options: WorkerOptions;
  private running?: { id: string; settle(outcome: { result: unknown } | { error: Error }): void };
  /** What its output is said to be of: handlers may print after they have answered. */
  private speaker = "worker";

  constructor(options: WorkerOptions) {
    this.options = options;
    this.child = fork(join(import.meta.dirname, "worker.ts"), {
      // Only what a function is given, and what a process needs to run at all.
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...options.env },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const input of [this.child.stdout, this.child.stderr]) {
      if (!input) continue;
      createInterface({ input }).on("line", (line) => options.onLog(this.speaker, line));
    }
    this.child.on("message", (message: FromWorker) => this.hear(message));
    this.child.on("error", (error) => options.onLog("worker", String(error)));
    this.ended = new Promise((resolve) => {
      this.child.once("exit", (code, signal) => {
        this.state = "gone";
        const message = `The process ended (${signal ?? `exit code ${code}`}) before the function had.`;
        this.running?.settle({ error: new HandlerError("Runtime.ExitError", message) });
        resolve();
        options.onChange(this);
      });
    });
    this.say({ type: "warm", handlers: options.warm });
  }

  /** Runs one event. Rejects with a HandlerError; after its timeout the process is killed. */
  run(call: Call): Promise<unknown> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      this.kill();
      const message = `Task timed out after ${(call.timeoutMs / 1000).toFixed(2)} seconds`;
      this.running?.settle({ error: new HandlerError("Sandbox.Timedout", message) });
    }, call.timeoutMs);
    this.state = "busy";
    this.speaker = call.function;
    this.running = {
      id,
      settle: (outcome) => {
        clearTimeout(timer);
        this.running = undefined;
        if ("result" in outcome) resolve(outcome.result);
        else reject(outcome.error);
        if (this.state === "busy") this.rest();
      },
    };
    this.say({
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
    });
    return promise;
  }

  /** Ends it at once. What it ran is left to the caller of `run`. */
  kill(): void {
    this.state = "gone";
    this.child.kill("SIGKILL");
  }

  private rest(): void {
    this.state = "idle";
    this.idleSinceMs = Date.now();
    this.options.onChange(this);
  }

  private hear(message: FromWorker): void {
    if (this.state === "gone") return;
    if (message.type === "ready") {
      this.wasReady = true;
      this.rest();
    } else if (this.running?.id === message.id) {
      if (message.type === "done") this.running.settle({ result: message.result });
      else {
        const { name, message: text, stack } = message.error;
        this.options.onLog(this.speaker, stack ?? `${name}: ${text}`);
        this.running.settle({ error: new HandlerError(name, text) });
      }
    }
  }

  private say(message: ToWorker): void {
    // A channel that is closed is told by the exit of the process.
    this.child.send(message, () => {});
  }
}
