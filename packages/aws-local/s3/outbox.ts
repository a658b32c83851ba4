/**
 * Events on their way to the queues. An event is a row that was written in one batch with its object,
 * and it goes only after the queue has taken it: at least once, in order for each key.
 */
import { uriEncode } from "../wire/canonical-request.ts";
import type { Options } from "./config.ts";
import { objectName, type Store, type Transaction } from "./store.ts";

const RETRY_MS = { first: 100, most: 30_000 };
const CLOSE_MS = 3_000;
/** Keys that are delivered at the same time. */
const CONCURRENCY = 32;

export interface ObjectEvent {
  name:
    | "ObjectCreated:Put"
    | "ObjectCreated:Copy"
    | "ObjectCreated:CompleteMultipartUpload"
    | "ObjectRemoved:Delete";
  bucket: string;
  key: string;
  sequencer: string;
  sizeBytes?: number;
  etag?: string;
}

type Notification = Options["buckets"][number]["notifications"][number];

/** Keys in S3's notifications are URL-encoded, with a plus for a space and slashes as they are. */
export const encodeEventKey = (key: string) =>
  uriEncode(key).replaceAll("%20", "+").replaceAll("%2F", "/");

/** Whether a notification asks for this event; `s3:ObjectCreated:*` is any creation. */
export function wants(
  notification: Notification,
  event: Pick<ObjectEvent, "name" | "key">,
): boolean {
  const { events, suffixes } = notification;
  const name = `s3:${event.name}`;
  return (
    events.some((is) => (is.endsWith("*") ? name.startsWith(is.slice(0, -1)) : is === name)) &&
    (suffixes?.some((suffix) => event.key.endsWith(suffix)) ?? true)
  );
}

/** The message as S3 sends it to SQS. */
export function eventBody(event: ObjectEvent, region: string, configurationId: string): string {
  const owner = { principalId: "A000000000000" };
  return JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: event.name,
        userIdentity: { principalId: "AWS:000000000000" },
        requestParameters: { sourceIPAddress: "127.0.0.1" },
        responseElements: { "x-amz-request-id": event.sequencer, "x-amz-id-2": event.sequencer },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId,
          bucket: { name: event.bucket, ownerIdentity: owner, arn: `arn:aws:s3:::${event.bucket}` },
          object: {
            key: encodeEventKey(event.key),
            size: event.sizeBytes,
            eTag: event.etag,
            sequencer: event.sequencer,
          },
        },
      },
    ],
  });
}

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(
  store: Store,
  { buckets, region, deliver, onLog }: Pick<Options, "buckets" | "region" | "deliver" | "onLog">,
) {
  /** Names of rows in order, by what must stay in order: a bucket and key. */
  const lines = new Map<string, string[]>();
  const ready: string[] = [];
  const sleeping = new Map<NodeJS.Timeout, () => void>();
  const running = new Set<Promise<void>>();
  let closed = false;

  function enqueue(line: string, name: string): void {
    const names = lines.get(line);
    if (names) {
      names.push(name);
      return;
    }
    lines.set(line, [name]);
    ready.push(line);
    startMore();
  }

  function startMore(): void {
    while (!closed && running.size < CONCURRENCY) {
      const line = ready.shift();
      if (line === undefined) return;
      const run = empty(line).finally(() => {
        running.delete(run);
        startMore();
      });
      running.add(run);
    }
  }

  async function empty(line: string): Promise<void> {
    const names = lines.get(line) ?? [];
    let wait = RETRY_MS.first;
    for (let name = names[0]; name !== undefined && !closed; name = names[0]) {
      try {
        const row = await store.get("outbox", name);
        if (row) await deliver({ queue: row.queue, body: row.body });
        // Not synced: after a power cut it may be sent once more, which at-least-once allows.
        await store.forget("outbox", name);
        names.shift();
        wait = RETRY_MS.first;
      } catch (error) {
        onLog?.(`An S3 event could not be delivered, next attempt in ${wait} ms: ${error}`);
        await sleep(wait);
        wait = Math.min(wait * 2, RETRY_MS.most);
      }
    }
    if (names.length === 0) lines.delete(line);
  }

  function sleep(ms: number): Promise<void> {
    if (closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        sleeping.delete(timer);
        resolve();
      }, ms);
      sleeping.set(timer, resolve);
    });
  }

  return {
    /** Writes the event's rows beside the object's; they are sent once they are on the disk. */
    add(transaction: Transaction, event: ObjectEvent): void {
      const bucket = buckets.find(({ name }) => name === event.bucket);
      for (const notification of bucket?.notifications ?? []) {
        if (!wants(notification, event)) continue;
        const name = `${event.sequencer}\0${notification.id}`;
        const body = eventBody(event, region, notification.id);
        const { bucket, key } = event;
        transaction.put("outbox", name, { bucket, key, queue: notification.queue, body });
        transaction.afterwards(() => enqueue(objectName(bucket, key), name));
      }
    },

    /** Takes up what a former process did not get rid of. Call before the first `add`. */
    async start(): Promise<void> {
      for await (const [name, row] of store.scan("outbox")) {
        enqueue(objectName(row.bucket, row.key), name);
      }
    },

    /** Ends after the deliveries under way; the rest stays for the next start. */
    async close(): Promise<void> {
      closed = true;
      for (const [timer, resolve] of sleeping) {
        clearTimeout(timer);
        resolve();
      }
      // A queue that does not answer must not keep the home from stopping; its event stays in the outbox.
      const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([Promise.all(running), patience]);
    },
  };
}
