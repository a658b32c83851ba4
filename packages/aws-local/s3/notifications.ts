/**
 * S3's event notifications. An event is stored in one commit with its object and delivered through an outbox:
 * at least once, and in order for each key.
 */
import { Outbox } from "../level/outbox.ts";
import { ACCOUNT_ID } from "../wire/account.ts";
import { uriEncode } from "../wire/canonical-request.ts";
import type { S3Options } from "./config.ts";
import { type OutboxRow, objectName, type Store, type Transaction } from "./store.ts";

const MAX_RETRY_MS = 30_000;
/** Keys whose events are delivered at the same time. */
const CONCURRENCY = 32;

interface ObjectEvent {
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
  /** The owner of the access key that wrote it. Absent for the stack's own key. */
  ownerId?: string | undefined;
}

type Configuration = S3Options["buckets"][number]["notifications"][number];

/** Keys in S3's notifications are URL-encoded, with a plus for a space and slashes unchanged. */
const encodeEventKey = (key: string) =>
  uriEncode(key).replaceAll("%20", "+").replaceAll("%2F", "/");

/** Whether a configuration includes this event; `s3:ObjectCreated:*` is any creation. */
export function includes(
  { events, suffixes }: Configuration,
  event: Pick<ObjectEvent, "name" | "key">,
): boolean {
  const name = `s3:${event.name}`;
  return (
    events.some((is) => (is.endsWith("*") ? name.startsWith(is.slice(0, -1)) : is === name)) &&
    (suffixes?.some((suffix) => event.key.endsWith(suffix)) ?? true)
  );
}

/** The message as S3 sends it to SQS. */
function eventBody(event: ObjectEvent, region: string, configurationId: string): string {
  const owner = { principalId: `A${ACCOUNT_ID}` };
  return JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: event.name,
        userIdentity: { principalId: `AWS:${event.ownerId ?? ACCOUNT_ID}` },
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

export class Notifications {
  readonly #store: Store;
  readonly #options: Pick<S3Options, "buckets" | "region">;
  readonly #outbox: Outbox<OutboxRow>;

  constructor(store: Store, options: Pick<S3Options, "buckets" | "region" | "deliver" | "onLog">) {
    this.#store = store;
    this.#options = options;
    this.#outbox = new Outbox({
      load: (id) => store.get("outbox", id),
      deliver: ({ queue, body }) => options.deliver({ queue, body }),
      remove: (id) => store.removeUnsynced("outbox", id),
      concurrency: CONCURRENCY,
      maxRetryMs: MAX_RETRY_MS,
      onError: (error, retryMs) =>
        options.onLog?.(
          `An S3 event could not be delivered, next attempt in ${retryMs} ms: ${error}`,
        ),
    });
  }

  /** Stores an event with the transaction and delivers it after the commit. */
  add(transaction: Transaction, event: ObjectEvent): void {
    const { bucket, key, sequencer } = event;
    const config = this.#options.buckets.find(({ name }) => name === bucket);
    for (const configuration of config?.notifications ?? []) {
      if (!includes(configuration, event)) continue;
      const { id, queue } = configuration;
      const name = `${sequencer}\0${id}`;
      const body = eventBody(event, this.#options.region, id);
      transaction.put("outbox", name, { bucket, key, queue, body });
      transaction.afterCommit(() => this.#outbox.add(objectName(bucket, key), name));
    }
  }

  /** Delivers the events that the previous process left. Call before the first `add`. */
  async start(): Promise<void> {
    for await (const [name, { bucket, key }] of this.#store.scan("outbox")) {
      this.#outbox.add(objectName(bucket, key), name);
    }
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }
}
