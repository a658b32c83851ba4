/** A table's stream: delivers the records of each shard in order, and stores a checkpoint after each success. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type _Record as ChangeRecord,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { FunctionWiring, TableWiring } from "@rushes/core/wiring";
import { failureQueueOf } from "./functions.ts";
import { compile } from "./pattern.ts";
import { failedIds } from "./queues.ts";
import { RunnerStore } from "./store.ts";

/** Between two reads of a stream without records, unless a write ends it: each read costs CPU time. */
const POLL_MS = 1000;

export interface StreamOptions {
  store: RunnerStore;
  table: TableWiring;
  functions: Record<string, FunctionWiring>;
  env: Record<string, string>;
  retryDelayMs(attempts: number): number;
  /** Resolves after the next request that may add records to the stream. */
  nextWrite(): Promise<void>;
  run(name: string, event: unknown): Promise<unknown>;
}

/** One shard of one stream. A table that is created again has another stream. */
interface Shard {
  arn: string;
  id: string;
}

type StreamRecord = ReturnType<typeof toStreamRecord>;

/** A stream record in the format of Lambda's event. */
function toStreamRecord(record: ChangeRecord, region: string, arn: string) {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      ...record.dynamodb,
      ApproximateCreationDateTime: Math.floor(
        (record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? Date.now()) / 1000,
      ),
    },
    eventSourceARN: arn,
  };
}

const sequenceOf = (record: StreamRecord) => record.dynamodb.SequenceNumber ?? "";

export class Stream {
  readonly #options: StreamOptions;
  readonly #client: DynamoDBStreamsClient;
  readonly #matches: (record: unknown) => boolean;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  /** @throws PatternError for a filter that is not supported. */
  constructor(options: StreamOptions) {
    this.#options = options;
    const { env } = options;
    this.#client = new DynamoDBStreamsClient({
      endpoint: env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS,
      region: env.AWS_REGION,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
      },
    });
    const filters = options.table.stream.filters.map((filter) => compile(filter));
    this.#matches = (record) => filters.length === 0 || filters.some((filter) => filter(record));
  }

  start(): void {
    this.#loop ??= this.#poll();
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    let iterators = new Map<string, string>();
    let arn = "";
    while (!signal.aborted) {
      try {
        if (iterators.size === 0) {
          arn ||= await this.#findArn();
          iterators = await this.#openIterators(arn);
        }
        // Before the read, because a record that is written during it may be missing in its result.
        const written = this.#options.nextWrite();
        let idle = true;
        for (const [shard, iterator] of iterators) {
          const page = await this.#client.send(
            new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }),
            { abortSignal: signal },
          );
          const records = (page.Records ?? []).map((record) =>
            toStreamRecord(record, this.#options.env.AWS_REGION ?? "", arn),
          );
          if (records.length) {
            idle = false;
            await this.#deliver({ arn, id: shard }, records);
          }
          if (page.NextShardIterator) iterators.set(shard, page.NextShardIterator);
          else iterators.delete(shard);
        }
        if (idle) await this.#waitFor(written);
      } catch (error) {
        if (signal.aborted) return;
        // The database may be restarting. Reading continues at the checkpoint, so no record is lost.
        iterators = new Map();
        process.stderr.write(`stream of ${this.#options.table.name}: ${String(error)}\n`);
        await wait(1000, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #waitFor(written: Promise<void>): Promise<void> {
    const done = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, done.signal]);
    try {
      await Promise.race([written, wait(POLL_MS, undefined, { signal })]);
    } finally {
      done.abort();
    }
  }

  async #findArn(): Promise<string> {
    const { Streams = [] } = await this.#client.send(
      new ListStreamsCommand({ TableName: this.#options.table.name }),
    );
    const arn = Streams[0]?.StreamArn;
    if (!arn) throw new Error(`The table ${this.#options.table.name} has no stream.`);
    return arn;
  }

  async #openIterators(arn: string): Promise<Map<string, string>> {
    const { StreamDescription } = await this.#client.send(
      new DescribeStreamCommand({ StreamArn: arn }),
    );
    const found = new Map<string, string>();
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (!ShardId) continue;
      const iterator = await this.#openIterator(arn, ShardId);
      if (iterator) found.set(ShardId, iterator);
    }
    if (found.size === 0) throw new Error("The stream has no shard.");
    return found;
  }

  async #openIterator(arn: string, shard: string): Promise<string | undefined> {
    const checkpoint = await this.#options.store.get(RunnerStore.key.checkpoint(arn, shard));
    const at = { StreamArn: arn, ShardId: shard };
    const fromStart = new GetShardIteratorCommand({ ...at, ShardIteratorType: "TRIM_HORIZON" });
    if (typeof checkpoint !== "string") return (await this.#client.send(fromStart)).ShardIterator;
    try {
      const after = new GetShardIteratorCommand({
        ...at,
        ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
        SequenceNumber: checkpoint,
      });
      return (await this.#client.send(after)).ShardIterator;
    } catch (error) {
      // The stream no longer has it: every record that it still has is newer.
      if (error instanceof TrimmedDataAccessException) {
        return (await this.#client.send(fromStart)).ShardIterator;
      }
      throw error;
    }
  }

  async #deliver(shard: Shard, records: StreamRecord[]): Promise<void> {
    const matching = records.filter((record) => this.#matches(record));
    const { batchSize } = this.#options.table.stream;
    for (let at = 0; at < matching.length; at += batchSize) {
      await this.#deliverBatch(shard, matching.slice(at, at + batchSize));
    }
    const last = records.at(-1);
    if (last) await this.#checkpoint(shard, sequenceOf(last));
  }

  /** Retries one batch until it is handled or moved to the DLQ. Later records wait for it. */
  async #deliverBatch(shard: Shard, records: StreamRecord[]): Promise<void> {
    const { stream } = this.#options.table;
    let pending = records;
    let tries = 0;
    let error = "";
    while (pending.length) {
      this.#stopping.signal.throwIfAborted();
      if (tries > 0) {
        await wait(this.#options.retryDelayMs(tries), undefined, { signal: this.#stopping.signal });
      }
      try {
        const result = await this.#options.run(stream.function, { Records: pending });
        const failed = failedIds(result, pending.map(sequenceOf));
        const first = pending.findIndex((record) => failed.has(sequenceOf(record)));
        const done = first === -1 ? pending : pending.slice(0, first);
        const last = done.at(-1);
        if (last) {
          await this.#checkpoint(shard, sequenceOf(last));
          tries = 0;
        }
        pending = pending.slice(done.length);
        error = "The handler reported this record as failed.";
      } catch (thrown) {
        this.#stopping.signal.throwIfAborted();
        error = String(thrown);
      }
      if (pending.length === 0) return;
      tries += 1;
      // Splitting the batch costs no retry, so a bad record never takes good ones to the DLQ with it.
      if (stream.bisect && pending.length > 1) {
        const middle = Math.ceil(pending.length / 2);
        await wait(this.#options.retryDelayMs(1), undefined, { signal: this.#stopping.signal });
        await this.#deliverBatch(shard, pending.slice(0, middle));
        await this.#deliverBatch(shard, pending.slice(middle));
        return;
      }
      if (tries > stream.retries) {
        for (const record of pending) {
          await this.#moveToDlq(shard, record, tries, error);
          await this.#checkpoint(shard, sequenceOf(record));
        }
        return;
      }
    }
  }

  #moveToDlq(shard: Shard, record: StreamRecord, attempts: number, error: string): Promise<void> {
    const { store, table, functions } = this.#options;
    const name = table.stream.function;
    const origin = {
      kind: "stream",
      function: name,
      arn: shard.arn,
      shard: shard.id,
      sequence: sequenceOf(record),
    } as const;
    const queue = failureQueueOf(functions, name);
    const payload = { Records: [record] };
    return store.moveToDlq([{ id: RunnerStore.id(), queue, origin, payload, error, attempts }]);
  }

  #checkpoint(shard: Shard, sequence: string): Promise<void> {
    return this.#options.store.write({
      put: [[RunnerStore.key.checkpoint(shard.arn, shard.id), sequence]],
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#loop?.catch(() => {});
    this.#client.destroy();
  }
}
