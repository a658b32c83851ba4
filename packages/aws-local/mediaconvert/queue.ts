import { setTimeout as delay } from "node:timers/promises";
import { WARNING_CODE } from "../../core/encoder/code.ts";
import { scrub } from "../../core/scrub.ts";
import type { Outbox } from "../level/outbox.ts";
import { type Encoder, encode } from "./encode.ts";
import { ApiError, JOB_ERRORS, JobError } from "./errors.ts";
import {
  type BusEvent,
  inputInformation,
  type StatusDetail,
  stateChange,
  statusUpdate,
} from "./events.ts";
import { isFinished, type JobRecord } from "./job.ts";
import type { Store } from "./store.ts";

/** AWS's fastest is ten seconds; one person in front of a page is glad of more. */
const STATUS_UPDATE_MS = 2000;
/** A job whose process died this often may be what kills it. It must not hold up the others for ever. */
const MAX_STARTS = 3;

/** The outbox's group for all events: they are sent one after another. */
const EVENTS = "events";

class Canceled extends Error {}
class Closing extends Error {}

interface Running {
  job: JobRecord;
  stop: AbortController;
  done: Promise<void>;
}

/** Runs jobs, `concurrency` at a time, oldest first; the rest wait as SUBMITTED. */
export class Queue {
  readonly #store: Store;
  readonly #outbox: Outbox<BusEvent>;
  readonly #encoder: Encoder;
  readonly #concurrency: number;
  readonly #log: (line: string) => void;
  readonly #waiting: JobRecord[] = [];
  readonly #running = new Map<string, Running>();
  /** Writes of one job follow one another: a cancel may meet an end. */
  readonly #writes = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    store: Store,
    outbox: Outbox<BusEvent>,
    encoder: Encoder,
    options: { concurrency: number; onLog: (line: string) => void },
  ) {
    this.#store = store;
    this.#outbox = outbox;
    this.#encoder = encoder;
    this.#concurrency = options.concurrency;
    this.#log = options.onLog;
  }

  /** Continues after a restart: sends the events that are left, and starts unfinished jobs again. */
  async resume(): Promise<void> {
    for (const { key } of await this.#store.pending()) this.#outbox.add(EVENTS, key);
    for (const id of await this.#store.unfinished()) {
      const job = await this.#store.job(id);
      if (job) this.#waiting.push(job);
    }
    this.#next();
  }

  /** A job that is stored as SUBMITTED. */
  add(job: JobRecord): void {
    this.#waiting.push(job);
    this.#next();
  }

  /** The job as it is this moment, with its progress. */
  live(id: string): JobRecord | undefined {
    return this.#running.get(id)?.job;
  }

  /**
   * @throws ApiError where the job has ended already. On a full disk, throws at once: the end of the job
   *   could not be kept, and the caller would wait for space.
   */
  async cancel(id: string): Promise<void> {
    await this.#store.assertRoom();
    const waiting = this.#waiting.findIndex((job) => job.id === id);
    const [job] = waiting >= 0 ? this.#waiting.splice(waiting, 1) : [];
    if (job) {
      await this.#finish(job, "CANCELED", { status: "CANCELED" });
      return;
    }
    const running = this.#running.get(id);
    if (running) {
      running.stop.abort(new Canceled());
      await running.done;
    }
    const ended = await this.#store.job(id);
    if (!ended) throw new ApiError("NotFoundException", `No job has the id ${id}.`);
    if (ended.status !== "CANCELED") {
      throw new ApiError("ConflictException", `The job ${id} is ${ended.status} already.`);
    }
  }

  /** Stops every run; those jobs begin anew at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.length = 0;
    const runs = [...this.#running.values()];
    for (const run of runs) run.stop.abort(new Closing());
    await Promise.all(runs.map((run) => run.done));
    await Promise.all(this.#writes.values());
  }

  #next(): void {
    while (!this.#closing.signal.aborted && this.#running.size < this.#concurrency) {
      const job = this.#waiting.shift();
      if (!job) return;
      const stop = new AbortController();
      const done = this.#run(job, stop.signal).finally(() => {
        this.#running.delete(job.id);
        this.#next();
      });
      this.#running.set(job.id, { job, stop, done });
    }
  }

  async #run(job: JobRecord, signal: AbortSignal): Promise<void> {
    try {
      const outputGroupDetails = await this.#encode(job, signal);
      job.outputGroupDetails = outputGroupDetails;
      await this.#finish(job, "COMPLETE", {
        status: "COMPLETE",
        outputGroupDetails,
        paddingInserted: 0,
      });
    } catch (error) {
      const stopped = signal.aborted ? signal.reason : error;
      if (stopped instanceof Closing) {
        // Stopped on purpose: only starts that a crash ended count.
        job.starts = (job.starts ?? 1) - 1;
        await this.#save(job, []);
        return;
      }
      if (stopped instanceof Canceled) {
        await this.#finish(job, "CANCELED", { status: "CANCELED" });
        return;
      }
      const failure = error instanceof JobError ? error : unexpected(error);
      this.#log(
        `The job ${job.id} ended with ${failure.code}: ${failure.message} ${scrub(failure.log)}`,
      );
      job.error = { code: failure.code, message: failure.message };
      await this.#finish(job, "ERROR", {
        status: "ERROR",
        errorCode: failure.code,
        errorMessage: failure.message,
      });
    }
  }

  async #encode(job: JobRecord, signal: AbortSignal) {
    const again = job.status === "PROGRESSING";
    const { starts = 0 } = job;
    if (starts >= MAX_STARTS) {
      const message = `The encoder's process ended ${starts} times while it ran this job.`;
      throw new JobError(JOB_ERRORS.unknown, message);
    }
    job.starts = starts + 1;
    job.status = "PROGRESSING";
    job.phase = "PROBING";
    job.percent = 0;
    job.time.started ??= Date.now();
    if (again) job.info.push("The encoder was stopped during this job and began it anew.");
    // Awaited: a start must be on the disk before it can kill the process.
    await this.#save(job, [stateChange(job, { status: "PROGRESSING" })]);
    signal.throwIfAborted();

    const uri = job.settings.inputs[0]?.fileInput ?? "";
    let told = Date.now();
    let frames = 0;
    return await encode(this.#encoder, job, signal, {
      onInput: (media) => {
        job.phase = "TRANSCODING";
        void this.#save(job, [stateChange(job, inputInformation(uri, media))]);
      },
      onProgress: (percent, decoded) => {
        frames = decoded;
        // 100 is for a job whose outputs are in the bucket.
        job.percent = Math.max(job.percent, Math.min(99, percent));
        if (Date.now() - told < STATUS_UPDATE_MS) return;
        told = Date.now();
        const update = statusUpdate("TRANSCODING", percent, job.percent, frames);
        void this.#save(job, [stateChange(job, update)]);
      },
      onWarning: ({ code, message }) => {
        job.warnings = [{ code, count: 1 }];
        const detail: StatusDetail = {
          status: "NEW_WARNING",
          warningCode: String(code),
          warningMessage: message,
        };
        void this.#save(job, [stateChange(job, detail)]);
      },
      onUploading: () => {
        job.phase = "UPLOADING";
        job.percent = 99;
      },
      onWaiting: () => {
        const warningMessage = "The encoder's disk is full. The job waits for space.";
        this.#log(`The job ${job.id} waits: ${warningMessage}`);
        const warningCode = String(WARNING_CODE.diskFull);
        void this.#save(job, [
          stateChange(job, { status: "NEW_WARNING", warningCode, warningMessage }),
        ]);
      },
    });
  }

  async #finish(job: JobRecord, status: JobRecord["status"], detail: StatusDetail): Promise<void> {
    if (isFinished(job)) return;
    job.status = status;
    job.time.finished = Date.now();
    if (status === "COMPLETE") job.percent = 100;
    delete job.phase;
    await this.#save(job, [stateChange(job, detail)]);
  }

  /** Keeps the job as it is now, after what was kept of it before. Never rejects. */
  #save(job: JobRecord, events: BusEvent[]): Promise<void> {
    const snapshot = structuredClone(job);
    const before = this.#writes.get(job.id) ?? Promise.resolve();
    const write = before
      .then(() => this.#persist(snapshot, events))
      .finally(() => {
        if (this.#writes.get(job.id) === write) this.#writes.delete(job.id);
      });
    this.#writes.set(job.id, write);
    return write;
  }

  /** A full disk delays what is told of a job; it loses nothing. */
  async #persist(job: JobRecord, events: BusEvent[]): Promise<void> {
    for (let pauseMs = 100; ; pauseMs = Math.min(10_000, pauseMs * 2)) {
      try {
        const keys = await this.#store.save(job, events);
        for (const key of keys) this.#outbox.add(EVENTS, key);
        return;
      } catch (error) {
        console.error(`mediaconvert: the job ${job.id} could not be kept:`, error);
        if (this.#closing.signal.aborted) return;
        await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }
}

/** A defect of this encoder: its own words are for the log. */
function unexpected(error: unknown): JobError {
  const log = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new JobError(JOB_ERRORS.internal, "The encoder failed for a reason of its own.", log);
}
