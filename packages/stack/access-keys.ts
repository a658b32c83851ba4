/** Finds the access keys of people for the local S3, in the table. */
import { type AttributeValue, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { AccessKey, FindAccessKey } from "@rushes/aws-local/s3/index";
import { REGION } from "@rushes/aws-local/wire/account";
import type { Credentials } from "@rushes/aws-local/wire/signature";
import type { Source } from "@rushes/core/access-key/find";

/** How long a key that was revoked may still work, in milliseconds. Tools send many requests in a row. */
const FRESH_MS = 2000;
/** Of found and unknown keys, so that requests with random keys do not fill the memory. */
const MOST_CACHED = 1000;

interface Options {
  /** The URL of the database. */
  url: string;
  credentials: Credentials;
  /** The secret of the app. */
  secret: string;
  bucket: string;
}

export interface AccessKeys {
  find: FindAccessKey;
  close(): Promise<void>;
}

export function openAccessKeys({ url, credentials, secret, bucket }: Options): AccessKeys {
  const client = new DynamoDBClient({ endpoint: url, region: REGION, credentials });
  const cache = new Map<string, { at: number; key: Promise<AccessKey | undefined> }>();

  const get: Source["get"] = async ({ pk, sk }) => {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const get = new GetItemCommand({ TableName: "rushes", Key, ConsistentRead: true });
    const { Item } = await client.send(get);
    return (
      Item && Object.fromEntries(Object.entries(Item).map(([name, of]) => [name, plainOf(of)]))
    );
  };

  async function read(id: string): Promise<AccessKey | undefined> {
    // Loaded at the first use, so that it does not slow down the start.
    const { find } = await import("@rushes/core/access-key/find");
    const found = await find(id, { get, secret });
    // The app's own uploads have keys that begin with their ID.
    return found && { ...found, bucket, reservedPrefix: "upl_" };
  }

  return {
    find(id) {
      const cached = cache.get(id);
      if (cached && Date.now() - cached.at < FRESH_MS) return cached.key;
      if (cache.size >= MOST_CACHED) cache.clear();
      const key = read(id);
      cache.set(id, { at: Date.now(), key });
      key.catch(() => cache.delete(id));
      return key;
    },
    close: async () => client.destroy(),
  };
}

/** The rows of keys and users consist of texts, numbers, flags and maps of them. */
function plainOf({ S, N, BOOL, M }: AttributeValue): unknown {
  if (M) return Object.fromEntries(Object.entries(M).map(([name, of]) => [name, plainOf(of)]));
  return S ?? (N === undefined ? BOOL : Number(N));
}
