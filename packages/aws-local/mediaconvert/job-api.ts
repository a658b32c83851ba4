import * as z from "zod";
import { arn } from "../wire/account.ts";
import { ApiError } from "./errors.ts";
import { JOB_STATUSES, type JobRecord, newJobId, serialize } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";
import { parseCreateJob } from "./schema.ts";
import type { JobStore } from "./store.ts";

/** The queue that every account has on AWS. This endpoint has no other. */
const QUEUE = "Default";

const ListQuery = z.strictObject({
  queue: z.string().optional(),
  status: z.enum(JOB_STATUSES).optional(),
  inputFile: z.string().max(300).optional(),
  order: z.enum(["ASCENDING", "DESCENDING"]).default("DESCENDING"),
  maxResults: z.coerce.number().int().min(1).max(20).default(20),
  nextToken: z.string().optional(),
});

/** The operations on jobs. They return the response's JSON and throw ApiErrors. */
export class JobApi {
  readonly #store: JobStore;
  readonly #queue: JobQueue;
  readonly #region: string;
  #creating: Promise<unknown> = Promise.resolve();

  constructor(store: JobStore, queue: JobQueue, region: string) {
    this.#store = store;
    this.#queue = queue;
    this.#region = region;
  }

  /** Runs calls one after another, so that two calls with one token create one job. */
  createJob(text: string, body: unknown): Promise<{ job: Record<string, unknown> }> {
    const created = this.#creating.then(() => this.#create(text, body));
    this.#creating = created.catch(() => {});
    return created;
  }

  async #create(text: string, body: unknown): Promise<{ job: Record<string, unknown> }> {
    const request = parseCreateJob(body);
    const queue = this.#queueArn(request.queue ?? QUEUE);
    const token = request.clientRequestToken;
    const earlier = token ? await this.#store.byToken(token, text) : undefined;
    if (earlier && !earlier.same) {
      throw new ApiError(
        "ConflictException",
        "A different request used this ClientRequestToken within the last minute.",
      );
    }
    if (earlier) return { job: serialize(this.#queue.live(earlier.job.id) ?? earlier.job) };
    const now = Date.now();
    const id = newJobId(now);
    const job: JobRecord = {
      id,
      arn: arn("mediaconvert", this.#region, `jobs/${id}`),
      queue,
      role: request.role,
      status: "SUBMITTED",
      settings: request.settings,
      userMetadata: request.userMetadata,
      clientRequestToken: token,
      statusUpdateInterval: request.statusUpdateInterval,
      percent: 0,
      time: { submitted: now },
      info: [],
    };
    await this.#store.save(job, [], token ? { name: token, body: text } : undefined);
    const response = { job: serialize(job) };
    this.#queue.add(job);
    return response;
  }

  async getJob(id: string): Promise<{ job: Record<string, unknown> }> {
    const job = this.#queue.live(id) ?? (await this.#store.job(id));
    if (!job) throw new ApiError("NotFoundException", `No job has the id ${id}.`);
    return { job: serialize(job) };
  }

  async cancelJob(id: string): Promise<Record<string, never>> {
    await this.#queue.cancel(id);
    return {};
  }

  /** ListJobs, and SearchJobs with its `inputFile`. Newest first by default. */
  async listJobs(query: URLSearchParams): Promise<Record<string, unknown>> {
    const parsed = ListQuery.safeParse(Object.fromEntries(query));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ApiError("BadRequestException", `/${issue?.path.join("/")}: ${issue?.message}`);
    }
    const { queue, status, inputFile, order, maxResults, nextToken } = parsed.data;
    const { jobs, next } = await this.#store.list({
      queue: queue && this.#queueArn(queue),
      status,
      inputFile,
      ascending: order === "ASCENDING",
      after: nextToken,
      limit: maxResults,
    });
    return {
      jobs: jobs.map((job) => serialize(this.#queue.live(job.id) ?? job)),
      nextToken: next,
    };
  }

  /** The ARN of the queue with this name or ARN. @throws ApiError if there is none */
  #queueArn(queue: string): string {
    const existing = arn("mediaconvert", this.#region, `queues/${QUEUE}`);
    if (queue === QUEUE || queue === existing) return existing;
    throw new ApiError(
      "NotFoundException",
      `There is no queue ${queue}. The queue of this account is ${existing}.`,
    );
  }
}
