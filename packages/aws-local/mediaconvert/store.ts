import { createHash } from "node:crypto";
import { type Level, openLevel } from "../level/open.ts";
import type { BusEvent } from "./events.ts";
import { isFinished, type JobRecord, type JobStatus } from "./job.ts";

/** How long AWS remembers a ClientRequestToken. */
const TOKEN_MS = 60_000;
/** How long AWS keeps a finished job. */
const KEEP_MS = 90 * 86_400_000;

/** More than a job with its event takes. */
const ROOM_BYTES = 32 * 1024;

/** What lists filter by, small enough to read thousands of. */
interface Row {
  id: string;
  queue: string;
  status: JobStatus;
  inputFile: string;
}
interface Token {
  jobId: string;
  bodyHash: string;
  time: number;
}
export interface Pending {
  key: string;
  event: BusEvent;
}

export interface Filter {
  queue?: string | undefined;
  status?: JobStatus | undefined;
  /** A part of the input's address. */
  inputFile?: string | undefined;
  ascending: boolean;
  /** The id that the page before ended with. */
  after?: string | undefined;
  limit: number;
}

/**
 * Jobs and the events that are still to be sent, in one LevelDB. A job's state and the event that
 * tells of it are one synced batch, so no change is ever without its event.
 */
export class Store {
  readonly #db: Level;
  /** What was found damaged when it was opened, a sentence each. */
  readonly damage: string[];
  #sequence = 0;

  private constructor(db: Level, damage: string[]) {
    this.#db = db;
    this.damage = damage;
  }

  static async open(folder: string, now = Date.now()): Promise<Store> {
    const { level, damage } = await openLevel(folder);
    const store = new Store(level, damage);
    await store.#tidy(now);
    return store;
  }

  /** Removes what is too old, and finds the last event's number. */
  async #tidy(now: number): Promise<void> {
    for await (const key of this.#db.keys({
      gte: "event!",
      lt: "event~",
      reverse: true,
      limit: 1,
    })) {
      this.#sequence = Number(key.slice("event!".length));
    }
    const old = String(now - KEEP_MS);
    for (const prefix of ["job!", "row!"]) await this.#db.clear({ gte: prefix, lt: prefix + old });
    for await (const [key, token] of this.#db.iterator({ gte: "token!", lt: "token~" })) {
      if ((token as Token).time < now - TOKEN_MS) await this.#db.del(key); // Only put() writes here.
    }
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  async job(id: string): Promise<JobRecord | undefined> {
    return (await this.#db.get(`job!${id}`)) as JobRecord | undefined; // Only save() writes here.
  }

  /** The job that a token made within its minute, and whether it was the same request. */
  async byToken(
    token: string,
    body: string,
    now = Date.now(),
  ): Promise<{ job: JobRecord; same: boolean } | undefined> {
    const kept = (await this.#db.get(`token!${token}`)) as Token | undefined; // Only save() writes here.
    if (!kept || kept.time <= now - TOKEN_MS) return undefined;
    const job = await this.job(kept.jobId);
    return job && { job, same: kept.bodyHash === hash(body) };
  }

  /** Stores a job's state and the events that report it. On disk when resolved. Returns the events' keys. */
  async save(
    job: JobRecord,
    events: BusEvent[],
    token?: { name: string; body: string },
  ): Promise<string[]> {
    const row: Row = {
      id: job.id,
      queue: job.queue,
      status: job.status,
      inputFile: job.settings.inputs[0]?.fileInput ?? "",
    };
    const put = (key: string, value: unknown) => ({ type: "put" as const, key, value });
    const todo = `todo!${job.id}`;
    const writes = [
      ...[put(`job!${job.id}`, job), put(`row!${job.id}`, row)],
      isFinished(job) ? { type: "del" as const, key: todo } : put(todo, 1),
    ];
    if (token) {
      const kept: Token = {
        jobId: job.id,
        bodyHash: hash(token.body),
        time: job.time.submitted,
      };
      writes.push(put(`token!${token.name}`, kept));
    }
    const keys = events.map(() => this.#nextEvent());
    for (const [at, key] of keys.entries()) writes.push(put(key, events[at]));
    await this.#db.batch(writes, { sync: true });
    return keys;
  }

  /** Throws where the disk has no room for a job and its event. Leaves nothing behind. */
  async assertRoom(): Promise<void> {
    const key = "probe";
    const put = { type: "put" as const, key, value: "-".repeat(ROOM_BYTES) };
    await this.#db.batch([put, { type: "del" as const, key }], { sync: true });
  }

  /** Ids of the jobs that have not ended, oldest first. */
  async unfinished(): Promise<string[]> {
    const keys = await this.#db.keys({ gte: "todo!", lt: "todo~" }).all();
    return keys.map((key) => key.slice("todo!".length));
  }

  async list(filter: Filter): Promise<{ jobs: JobRecord[]; next?: string }> {
    const { after = "", ascending } = filter;
    const range = ascending
      ? { gt: `row!${after}`, lt: "row~" }
      : { gt: "row!", lt: after ? `row!${after}` : "row~", reverse: true };
    const jobs: JobRecord[] = [];
    for await (const value of this.#db.values(range)) {
      const row = value as Row; // Only save() writes here.
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

  async event(key: string): Promise<BusEvent | undefined> {
    return (await this.#db.get(key)) as BusEvent | undefined; // Only save() writes here.
  }

  /** The events that are still to be sent, oldest first. */
  async pending(): Promise<Pending[]> {
    const rows = await this.#db.iterator({ gte: "event!", lt: "event~" }).all();
    return rows.map(([key, event]) => ({ key, event: event as BusEvent })); // Only save() writes here.
  }

  /** Forgets an event that was sent. Not synced: after a power cut it is sent twice, as on AWS. */
  async sent(key: string): Promise<void> {
    await this.#db.del(key);
  }

  #nextEvent(): string {
    this.#sequence += 1;
    return `event!${String(this.#sequence).padStart(16, "0")}`;
  }
}

function hash(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
