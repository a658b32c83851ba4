import { setTimeout as wait } from "node:timers/promises";
import { type Call, HandlerError, WorkerProcess } from "./worker-process.ts";

/** One invocation, and whom to tell how it ended. Exactly one of the three is called. */
export interface Work {
  call: Call;
  done(result: unknown): Promise<void> | void;
  failed(error: HandlerError): Promise<void> | void;
  /** The runner closed meanwhile. */
  interrupted?(): void;
}

/** Something that has work now and then: a queue, a function's asynchronous invocations, direct calls. */
export interface Source {
  /** Hands out work that may run now; called only when a worker is idle. */
  take(nowMs: number): Work | undefined;
  /** When to ask again: in the past if at once, nothing if only after a change. */
  dueMs(nowMs: number): number | undefined;
}

export interface DispatcherOptions {
  env: Record<string, string>;
  region: string;
  /** Modules that every worker imports before it is needed. */
  handlers: string[];
  /** Workers that are always there, and how many there may be under load. */
  warmWorkers: number;
  maxWorkers: number;
  onLog(name: string, line: string): void;
}

/** A further worker takes about a second to import the handlers; shorter jams pass by themselves. */
const GROW_MS = 250;
const IDLE_MS = 30_000;
const CRASH_PAUSE_MS = 500;

/**
 * Gives work to worker processes, the sources in turn, so that none waits behind another's crowd.
 * Work is taken only when a worker is idle: a visibility timeout never runs while a message waits.
 */
export class Dispatcher {
  private readonly options: DispatcherOptions;
  private readonly sources: Source[] = [];
  private readonly workers = new Set<WorkerProcess>();
  private readonly running = new Set<Promise<void>>();
  private readonly shrinking: NodeJS.Timeout;
  private turn = 0;
  private timer?: NodeJS.Timeout;
  private growing?: NodeJS.Timeout;
  private crashes = 0;
  private closing = false;
  private killed = false;

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.shrinking = setInterval(() => this.shrink(), IDLE_MS / 2);
    this.shrinking.unref();
  }

  add(source: Source): void {
    this.sources.push(source);
  }

  /** Starts the first worker; the other warm ones follow one by one, to leave the machine some air. */
  start(): void {
    this.fill();
  }

  /** Something changed: runs whatever may run. */
  pump(): void {
    if (this.closing) return;
    clearTimeout(this.timer);
    const now = Date.now();
    let idle = this.idle();
    for (; idle; idle = this.idle()) {
      const work = this.take(now);
      if (!work) break;
      this.run(idle, work);
    }
    const due = this.dueMs(now);
    if (due === undefined) return;
    if (idle) this.timer = setTimeout(() => this.pump(), Math.min(Math.max(1, due - now), 60_000));
    else if (due <= now) this.growing ??= setTimeout(() => this.grow(), GROW_MS);
  }

  /** Waits so long for what runs, then kills it; what was killed counts as neither success nor failure. */
  async close(graceMs: number): Promise<void> {
    this.closing = true;
    clearTimeout(this.timer);
    clearTimeout(this.growing);
    clearInterval(this.shrinking);
    const quiet = Promise.all(this.running);
    if (this.running.size) await Promise.race([quiet, wait(graceMs, undefined, { ref: false })]);
    this.killed = true;
    for (const worker of this.workers) worker.kill();
    await Promise.all([...this.workers].map((worker) => worker.ended));
    await quiet;
  }

  private run(worker: WorkerProcess, work: Work): void {
    const job = worker
      .run(work.call)
      .then(
        (result) => work.done(result),
        (error) => {
          if (this.killed) work.interrupted?.();
          else return work.failed(asHandlerError(error));
        },
      )
      .catch((error) => this.options.onLog("runner", `An outcome was not kept: ${String(error)}`))
      .finally(() => {
        this.running.delete(job);
        this.pump();
      });
    this.running.add(job);
  }

  private take(now: number): Work | undefined {
    for (let tried = 0; tried < this.sources.length; tried += 1) {
      const source = this.sources[this.turn % this.sources.length];
      this.turn += 1;
      const work = source?.take(now);
      if (work) return work;
    }
    return undefined;
  }

  private dueMs(now: number): number | undefined {
    const times = this.sources
      .map((source) => source.dueMs(now))
      .filter((due) => due !== undefined);
    return times.length ? Math.min(...times) : undefined;
  }

  private idle(): WorkerProcess | undefined {
    for (const worker of this.workers) if (worker.state === "idle") return worker;
    return undefined;
  }

  private isStarting(): boolean {
    for (const worker of this.workers) if (worker.state === "starting") return true;
    return false;
  }

  private fill(): void {
    if (this.closing || this.isStarting() || this.workers.size >= this.options.warmWorkers) return;
    this.spawn();
  }

  private grow(): void {
    this.growing = undefined;
    if (this.closing || this.idle()) return;
    if (!this.isStarting() && this.workers.size < this.options.maxWorkers) this.spawn();
    this.pump();
  }

  private shrink(): void {
    if (this.workers.size <= this.options.warmWorkers) return;
    const now = Date.now();
    for (const worker of this.workers) {
      if (worker.state !== "idle" || now - worker.idleSinceMs < IDLE_MS) continue;
      worker.kill();
      return;
    }
  }

  private spawn(): void {
    const { env, region, handlers, onLog } = this.options;
    const worker = new WorkerProcess({
      env,
      region,
      // A module that ends the process at import must not keep the other functions from running.
      warm: this.crashes > 1 ? [] : handlers,
      onLog,
      onChange: (changed) => this.changed(changed),
    });
    this.workers.add(worker);
  }

  private changed(worker: WorkerProcess): void {
    if (worker.state === "gone") this.workers.delete(worker);
    if (this.closing) return;
    if (worker.state === "gone" && !worker.wasReady) {
      this.crashes += 1;
      this.options.onLog("runner", "A worker ended while it imported the functions.");
      setTimeout(() => this.fill(), CRASH_PAUSE_MS).unref();
    } else {
      this.fill();
    }
    this.pump();
  }
}

const asHandlerError = (error: unknown): HandlerError =>
  error instanceof HandlerError ? error : new HandlerError("Runtime.Unknown", String(error));
