/** A table's stream: records in order per shard, with a checkpoint that moves only after success. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type _Record as Change,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import type { TableWiring } from "@rushes/core/wiring";
import { compile } from "./pattern.ts";
import { failedIds } from "./queues.ts";
import { Store } from "./store.ts";

const POLL_MS = 100;

export interface StreamOptions {
  store: Store;
  table: TableWiring;
  env: Record<string, string>;
  retryDelayMs(attempts: number): number;
  run(name: string, event: unknown): Promise<unknown>;
  /** Keeps what was given up on, durably. */
  bury(given: {
    record: unknown;
    at: { arn: string; shard: string; sequence: string };
    attempts: number;
    error: string;
  }): Promise<void>;
}

/** One shard of one stream; a table that is made anew has another. */
interface Shard {
  arn: string;
  id: string;
}

type StreamRecord = ReturnType<typeof shape>;

/** Lambda's form of a stream record. */
function shape(record: Change, region: string, arn: string) {
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
  private readonly options: StreamOptions;
  private readonly client: DynamoDBStreamsClient;
  private readonly wanted: (record: unknown) => boolean;
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  /** Throws a PatternError on a filter that cannot be followed. */
  constructor(options: StreamOptions) {
    this.options = options;
    const { env } = options;
    this.client = new DynamoDBStreamsClient({
      endpoint: env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS,
      region: env.AWS_REGION,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
      },
    });
    const filters = options.table.stream.filters.map((filter) => compile(filter));
    this.wanted = (record) => filters.length === 0 || filters.some((filter) => filter(record));
  }

  start(): void {
    this.loop ??= this.poll();
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    let iterators = new Map<string, string>();
    let arn = "";
    while (!signal.aborted) {
      try {
        if (iterators.size === 0) {
          arn ||= await this.arn();
          iterators = await this.iterators(arn);
        }
        let quiet = true;
        for (const [shard, iterator] of iterators) {
          const page = await this.client.send(
            new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }),
            { abortSignal: signal },
          );
          const records = (page.Records ?? []).map((record) =>
            shape(record, this.options.env.AWS_REGION ?? "", arn),
          );
          if (records.length) {
            quiet = false;
            await this.deliver({ arn, id: shard }, records);
          }
          if (page.NextShardIterator) iterators.set(shard, page.NextShardIterator);
          else iterators.delete(shard);
        }
        if (quiet) await wait(POLL_MS, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        // The database may be restarting: from the checkpoint nothing is lost.
        iterators = new Map();
        process.stderr.write(`stream of ${this.options.table.name}: ${String(error)}\n`);
        await wait(1000, undefined, { signal }).catch(() => {});
      }
    }
  }

  private async arn(): Promise<string> {
    const { Streams = [] } = await this.client.send(
      new ListStreamsCommand({ TableName: this.options.table.name }),
    );
    const arn = Streams[0]?.StreamArn;
    if (!arn) throw new Error(`The table ${this.options.table.name} has no stream.`);
    return arn;
  }

  private async iterators(arn: string): Promise<Map<string, string>> {
    const { StreamDescription } = await this.client.send(
      new DescribeStreamCommand({ StreamArn: arn }),
    );
    const found = new Map<string, string>();
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (!ShardId) continue;
      const iterator = await this.iterator(arn, ShardId);
      if (iterator) found.set(ShardId, iterator);
    }
    if (found.size === 0) throw new Error("The stream has no shard.");
    return found;
  }

  private async iterator(arn: string, shard: string): Promise<string | undefined> {
    const checkpoint = await this.options.store.get(Store.key.checkpoint(arn, shard));
    const at = { StreamArn: arn, ShardId: shard };
    const fromStart = new GetShardIteratorCommand({ ...at, ShardIteratorType: "TRIM_HORIZON" });
    if (typeof checkpoint !== "string") return (await this.client.send(fromStart)).ShardIterator;
    try {
      const after = new GetShardIteratorCommand({
        ...at,
        ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
        SequenceNumber: checkpoint,
      });
      return (await this.client.send(after)).ShardIterator;
    } catch (error) {
      // Older than the stream keeps: everything that is left comes after it.
      if (error instanceof TrimmedDataAccessException) {
        return (await this.client.send(fromStart)).ShardIterator;
      }
      throw error;
    }
  }

  private async deliver(shard: Shard, records: StreamRecord[]): Promise<void> {
    const wanted = records.filter((record) => this.wanted(record));
    const { batchSize } = this.options.table.stream;
    for (let at = 0; at < wanted.length; at += batchSize) {
      await this.batch(shard, wanted.slice(at, at + batchSize));
    }
    const last = records.at(-1);
    if (last) await this.checkpoint(shard, sequenceOf(last));
  }

  /** Runs one batch until it is handled or given up on; in order, so nothing overtakes it. */
  private async batch(shard: Shard, records: StreamRecord[]): Promise<void> {
    const { stream } = this.options.table;
    let left = records;
    let tries = 0;
    let error = "";
    while (left.length) {
      this.stopping.signal.throwIfAborted();
      if (tries > 0) {
        await wait(this.options.retryDelayMs(tries), undefined, { signal: this.stopping.signal });
      }
      try {
        const answer = await this.options.run(stream.function, { Records: left });
        const failed = failedIds(answer, left.map(sequenceOf));
        const first = left.findIndex((record) => failed.has(sequenceOf(record)));
        const done = first === -1 ? left : left.slice(0, first);
        const last = done.at(-1);
        if (last) {
          await this.checkpoint(shard, sequenceOf(last));
          tries = 0;
        }
        left = left.slice(done.length);
        error = "The handler reported this record as failed.";
      } catch (thrown) {
        this.stopping.signal.throwIfAborted();
        error = String(thrown);
      }
      if (left.length === 0) return;
      tries += 1;
      // Halving costs no retry: the good neighbours of a bad record are never given up with it.
      if (stream.bisect && left.length > 1) {
        const middle = Math.ceil(left.length / 2);
        await wait(this.options.retryDelayMs(1), undefined, { signal: this.stopping.signal });
        await this.batch(shard, left.slice(0, middle));
        await this.batch(shard, left.slice(middle));
        return;
      }
      if (tries > stream.retries) {
        for (const record of left) {
          const sequence = sequenceOf(record);
          const at = { arn: shard.arn, shard: shard.id, sequence };
          await this.options.bury({ record, at, attempts: tries, error });
          await this.checkpoint(shard, sequence);
        }
        return;
      }
    }
  }

  private checkpoint(shard: Shard, sequence: string): Promise<void> {
    return this.options.store.write({
      put: [[Store.key.checkpoint(shard.arn, shard.id), sequence]],
    });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.loop?.catch(() => {});
    this.client.destroy();
  }
}
