import { setTimeout as delay } from "node:timers/promises";
import { WARNING_CODE } from "../../core/encoder/code.ts";
import { scrub } from "../../core/scrub.ts";
import type { Outbox } from "../level/outbox.ts";
import { encode } from "./encode.ts";
import type { EncoderContext } from "./encode-run.ts";
import { ApiError, JOB_ERRORS, JobError } from "./errors.ts";
import {
  inputInformation,
  type StateChangeEvent,
  type StatusDetail,
  stateChange,
  statusUpdate,
} from "./events.ts";
import { unpublish } from "./hls/unpublish.ts";
import { isFinished, type JobRecord } from "./job.ts";
import type { JobStore } from "./store.ts";

/**
 * AWS's shortest interval is ten seconds. A person who watches the page sees progress every two: the encoder reports
 * it four times a second.
 */
const STATUS_UPDATE_MS = 1700;
/** A job whose process crashed this often may cause the crashes. It must not block the others forever. */
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

/** Runs `concurrency` jobs at the same time, oldest first. The others wait as SUBMITTED. */
export class JobQueue {
  readonly #store: JobStore;
  readonly #outbox: Outbox<StateChangeEvent>;
  readonly #encoder: EncoderContext;
  readonly #concurrency: number;
  readonly #log: (line: string) => void;
  readonly #waiting: JobRecord[] = [];
  readonly #running = new Map<string, Running>();
  /** Serializes the writes of each job: a cancelation can coincide with the end. */
  readonly #writes = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    store: JobStore,
    outbox: Outbox<StateChangeEvent>,
    encoder: EncoderContext,
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
    for (const key of await this.#store.pendingEvents()) this.#outbox.add(EVENTS, key);
    for (const id of await this.#store.unfinished()) {
      const job = await this.#store.job(id);
      if (job) this.#waiting.push(job);
    }
    this.#next();
  }

  /** Adds a job that is stored as SUBMITTED. */
  add(job: JobRecord): void {
    this.#waiting.push(job);
    this.#next();
  }

  /** A running job with its current progress. */
  live(id: string): JobRecord | undefined {
    return this.#running.get(id)?.job;
  }

  /**
   * @throws ApiError if the job has already ended. On a full disk it throws at once: the end of the job
   *   could not be stored, and the caller would wait for space.
   */
  async cancel(id: string): Promise<void> {
    await this.#store.assertSpace();
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

  /** Stops all jobs. They start again when the process does. */
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
        // An orderly stop does not count as a crash.
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
    const isRestart = job.status === "PROGRESSING";
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
    if (isRestart) job.info.push("The encoder stopped during this job and started it again.");
    // Awaited: the start must be on disk before the job can crash the process.
    await this.#save(job, [stateChange(job, { status: "PROGRESSING" })]);
    signal.throwIfAborted();

    const uri = job.settings.inputs[0]?.fileInput ?? "";
    let updatedMs = Date.now();
    let frames = 0;
    return await encode(this.#encoder, job, signal, {
      onInput: (media) => {
        job.phase = "TRANSCODING";
        void this.#save(job, [stateChange(job, inputInformation(uri, media))]);
      },
      onProgress: (percent, decoded) => {
        frames = decoded;
        // 100 means that the outputs are in the bucket.
        job.percent = Math.max(job.percent, Math.min(99, percent));
        const now = Date.now();
        if (now - updatedMs < STATUS_UPDATE_MS) return;
        updatedMs = now;
        const update = statusUpdate("TRANSCODING", percent, job.percent, frames);
        void this.#save(job, [stateChange(job, update, now)]);
      },
      onWarning: (warning) => {
        const others = (job.warnings ?? []).filter(({ code }) => code !== warning.code);
        job.warnings = [...others, { code: warning.code, count: 1 }];
        this.#warn(job, warning);
      },
      onUploading: () => {
        job.phase = "UPLOADING";
        job.percent = 99;
      },
      onWaiting: () => {
        const message = "The encoder's disk is full. The job waits for space.";
        this.#log(`The job ${job.id} waits: ${message}`);
        this.#warn(job, { code: WARNING_CODE.diskFull, message });
      },
    });
  }

  #warn(job: JobRecord, { code, message }: { code: number; message: string }): void {
    const warning = { warningCode: String(code), warningMessage: message };
    void this.#save(job, [stateChange(job, { status: "NEW_WARNING", ...warning })]);
  }

  async #finish(job: JobRecord, status: JobRecord["status"], detail: StatusDetail): Promise<void> {
    if (isFinished(job)) return;
    if (status !== "COMPLETE" && job.starts) await this.#unpublish(job);
    job.status = status;
    job.time.finished = Date.now();
    if (status === "COMPLETE") job.percent = 100;
    delete job.phase;
    await this.#save(job, [stateChange(job, detail)]);
  }

  /** Removes what a job that did not complete has published. Never rejects: the job must end. */
  async #unpublish(job: JobRecord): Promise<void> {
    try {
      await unpublish(this.#encoder.s3, job.settings);
    } catch (error) {
      this.#log(`The job ${job.id} ended, and its playlists could not be deleted: ${error}`);
    }
  }

  /** Stores the job's current state after its earlier states. Never rejects. */
  #save(job: JobRecord, events: StateChangeEvent[]): Promise<void> {
    const snapshot = structuredClone(job);
    const before = this.#writes.get(job.id) ?? Promise.resolve();
    const write = before
      .then(() => this.#saveWithRetries(snapshot, events))
      .finally(() => {
        if (this.#writes.get(job.id) === write) this.#writes.delete(job.id);
      });
    this.#writes.set(job.id, write);
    return write;
  }

  /** Retries: a full disk delays the events of a job but loses none. */
  async #saveWithRetries(job: JobRecord, events: StateChangeEvent[]): Promise<void> {
    for (let pauseMs = 100; ; pauseMs = Math.min(10_000, pauseMs * 2)) {
      try {
        const keys = await this.#store.save(job, events);
        for (const key of keys) this.#outbox.add(EVENTS, key);
        return;
      } catch (error) {
        console.error(`mediaconvert: the job ${job.id} could not be stored:`, error);
        if (this.#closing.signal.aborted) return;
        await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }
}

/** A bug of this encoder. Its details are for the log only. */
function unexpected(error: unknown): JobError {
  const log = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new JobError(JOB_ERRORS.internal, "The encoder failed with an internal error.", log);
}
