import { createHash } from "node:crypto";
import { type Change, Database } from "../level/database.ts";
import type { StateChangeEvent } from "./events.ts";
import { isFinished, type JobRecord, type JobStatus } from "./job.ts";

/** How long AWS remembers a ClientRequestToken. */
const TOKEN_MS = 60_000;
/** How long AWS keeps a finished job. */
const KEEP_MS = 90 * 86_400_000;

/** Larger than a job with its event. */
const SPACE_BYTES = 32 * 1024;

/** The fields that lists filter by. Thousands of these rows can be read at once. */
interface JobRow {
  id: string;
  queue: string;
  status: JobStatus;
  inputFile: string;
}
interface TokenRow {
  jobId: string;
  bodyHash: string;
  time: number;
}

export interface JobFilter {
  queue?: string;
  status?: JobStatus;
  /** A part of the input's URL. */
  inputFile?: string;
  ascending: boolean;
  /** The last id of the previous page. */
  after?: string;
  limit: number;
}

/**
 * Jobs and the events to send, in one LevelDB. A job's state and the event that reports it are written
 * in one synced batch, so every change has its event.
 */
export class JobStore {
  // The prefix of a key determines the type of its row: only this class writes to the database.
  readonly #db: Database;
  #sequence = 0;

  private constructor(db: Database) {
    this.#db = db;
  }

  static async open(folder: string, now = Date.now()): Promise<JobStore> {
    const store = new JobStore(await Database.open(folder));
    await store.#tidy(now);
    return store;
  }

  /** One sentence for each damage found while opening. */
  get damage(): string[] {
    return this.#db.damage;
  }

  /** Removes expired rows, and finds the number of the last event. */
  async #tidy(now: number): Promise<void> {
    for await (const [key] of this.#db.scan("event!", { reverse: true })) {
      this.#sequence = Number(key.slice("event!".length));
      break;
    }
    const oldest = String(now - KEEP_MS);
    for (const prefix of ["job!", "row!"]) await this.#db.clear(prefix, prefix + oldest);
    for await (const [key, token] of this.#db.scan("token!")) {
      if ((token as TokenRow).time < now - TOKEN_MS) await this.#db.removeUnsynced(key);
    }
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  async job(id: string): Promise<JobRecord | undefined> {
    return (await this.#db.get(`job!${id}`)) as JobRecord | undefined;
  }

  /** The job that a token created within the last minute, and whether the request was the same. */
  async byToken(
    token: string,
    body: string,
    now = Date.now(),
  ): Promise<{ job: JobRecord; same: boolean } | undefined> {
    const row = (await this.#db.get(`token!${token}`)) as TokenRow | undefined;
    if (!row || row.time <= now - TOKEN_MS) return undefined;
    const job = await this.job(row.jobId);
    return job && { job, same: row.bodyHash === hash(body) };
  }

  /** Stores a job's state and the events that report it. On disk when resolved. Returns the events' keys. */
  async save(
    job: JobRecord,
    events: StateChangeEvent[],
    token?: { name: string; body: string },
  ): Promise<string[]> {
    const row: JobRow = {
      id: job.id,
      queue: job.queue,
      status: job.status,
      inputFile: job.settings.inputs[0]?.fileInput ?? "",
    };
    const changes: Change<unknown>[] = [
      [`job!${job.id}`, job],
      [`row!${job.id}`, row],
      [`todo!${job.id}`, isFinished(job) ? undefined : 1],
    ];
    if (token) {
      const created: TokenRow = {
        jobId: job.id,
        bodyHash: hash(token.body),
        time: job.time.submitted,
      };
      changes.push([`token!${token.name}`, created]);
    }
    const keys = events.map(() => this.#nextEvent());
    for (const [at, key] of keys.entries()) changes.push([key, events[at]]);
    await this.#db.write(changes);
    return keys;
  }

  /** Throws if the disk has no space for a job and its event. Leaves nothing behind. */
  async assertSpace(): Promise<void> {
    await this.#db.write([
      ["probe", "-".repeat(SPACE_BYTES)],
      ["probe", undefined],
    ]);
  }

  /** Ids of the unfinished jobs, oldest first. */
  async unfinished(): Promise<string[]> {
    const keys = await this.#db.keys("todo!");
    return keys.map((key) => key.slice("todo!".length));
  }

  async list(filter: JobFilter): Promise<{ jobs: JobRecord[]; next?: string }> {
    const { after, ascending } = filter;
    const start = after && `row!${after}`;
    const options = ascending ? { from: start } : { reverse: true, before: start };
    const jobs: JobRecord[] = [];
    for await (const [key, value] of this.#db.scan("row!", options)) {
      const row = value as JobRow;
      if (key === start) continue;
      if (filter.queue && row.queue !== filter.queue) continue;
      if (filter.status && row.status !== filter.status) continue;
      if (filter.inputFile && !row.inputFile.includes(filter.inputFile)) continue;
      const last = jobs.at(-1);
      if (jobs.length === filter.limit && last) return { jobs, next: last.id };
      const job = await this.job(row.id);
      if (job) jobs.push(job);
    }
    return { jobs };
  }

  async event(key: string): Promise<StateChangeEvent | undefined> {
    return (await this.#db.get(key)) as StateChangeEvent | undefined;
  }

  /** Keys of the events to send, oldest first. */
  pendingEvents(): Promise<string[]> {
    return this.#db.keys("event!");
  }

  /** Removes a sent event. Not synced: after a power cut it is sent twice, as can happen on AWS. */
  removeEvent(key: string): Promise<void> {
    return this.#db.removeUnsynced(key);
  }

  #nextEvent(): string {
    this.#sequence += 1;
    return `event!${String(this.#sequence).padStart(16, "0")}`;
  }
}

function hash(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
