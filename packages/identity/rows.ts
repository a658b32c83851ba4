/** What the provider stores: sessions, grants, codes, and sign-ins in progress. Each row is kept until it expires. */
import { type Change, Database } from "@rushes/aws-local/level/database";
import { type Adapter, type AdapterPayload, errors } from "oidc-provider";

interface Row {
  payload: AdapterPayload;
  /** In milliseconds; absent for a row that never expires. */
  expires?: number;
}

/** A purge only frees space: expired rows are never returned. */
const PURGE_MS = 10 * 60_000;
/** Codes expire after a minute, long before their entry is dropped. */
const MAX_CONSUMED = 10_000;

export interface Rows {
  adapter: (model: string) => Adapter;
  /** Damage that was found when the database was opened, one message each. */
  damage: string[];
  close(): Promise<void>;
}

interface Context {
  db: Database<Row | string>;
  now: () => number;
  /** Keys of codes that were used. */
  consumed: Set<string>;
}

/** Opens the database, and removes expired rows from time to time. */
export async function openRows(folder: string, now: () => number = Date.now): Promise<Rows> {
  const db = await Database.open<Row | string>(folder);
  const context: Context = { db, now, consumed: new Set() };
  let purging = purge(context);
  purging.catch(() => {});
  const timer = setInterval(() => {
    purging = purging.then(() => purge(context)).catch(() => {});
  }, PURGE_MS).unref();
  return {
    adapter: (model) => adapter(context, model),
    damage: db.damage,
    async close() {
      clearInterval(timer);
      await purging.catch(() => {});
      await db.close();
    },
  };
}

/** The rows of one model, as `oidc-provider` uses them. */
function adapter(context: Context, model: string): Adapter {
  const { db, now } = context;
  const keyOf = (id: string) => `row!${model}!${id}`;
  const byIndex = async (entry: string) => {
    const key = await db.get(entry);
    return typeof key === "string" ? (await read(context, key))?.payload : undefined;
  };
  return {
    async upsert(id, payload, expiresIn) {
      const key = keyOf(id);
      const row: Row = { payload };
      // The library passes no time, or zero, for rows that never expire.
      if (expiresIn) row.expires = now() + expiresIn * 1000;
      const entries = indexOf(model, key, payload).map((entry): Change<string> => [entry, key]);
      await db.write([[key, row], ...entries]);
    },
    find: async (id) => (await read(context, keyOf(id)))?.payload,
    findByUid: (uid) => byIndex(`uid!${model}!${uid}`),
    findByUserCode: (code) => byIndex(`code!${model}!${code}`),
    consume: (id) => consume(context, keyOf(id)),
    destroy: (id) => remove(db, keyOf(id)),
    async revokeByGrantId(grantId) {
      for await (const [, key] of db.scan(`grant!${grantId}!`)) {
        if (typeof key === "string") await remove(db, key);
      }
    },
  };
}

async function read({ db, now }: Context, key: string): Promise<Row | undefined> {
  const row = await db.get(key);
  return typeof row === "object" && !isExpired(row, now()) ? row : undefined;
}

const isExpired = ({ expires }: Row, now: number) => expires !== undefined && expires <= now;

/** The index entries that lead to a row. */
function indexOf(model: string, key: string, { uid, userCode, grantId }: AdapterPayload): string[] {
  const entries: string[] = [];
  if (uid !== undefined) entries.push(`uid!${model}!${uid}`);
  if (userCode !== undefined) entries.push(`code!${model}!${userCode}`);
  // Sessions and grants have no `grantId`. A row that has one is revoked with its grant.
  if (grantId !== undefined) entries.push(`grant!${grantId}!${key}`);
  return entries;
}

async function consume(context: Context, key: string): Promise<void> {
  const { db, consumed, now } = context;
  // Before the first await, so that only one of several requests with one code succeeds.
  if (consumed.has(key)) throw new errors.InvalidGrant("it was used already");
  consumed.add(key);
  const [oldest] = consumed;
  if (consumed.size > MAX_CONSUMED && oldest !== undefined) consumed.delete(oldest);
  const row = await read(context, key);
  if (!row) return;
  const at = Math.floor(now() / 1000);
  await db.write([[key, { ...row, payload: { ...row.payload, consumed: at } }]]);
}

async function remove(db: Context["db"], key: string): Promise<void> {
  const row = await db.get(key);
  const model = key.split("!")[1] ?? "";
  const entries = typeof row === "object" ? indexOf(model, key, row.payload) : [];
  // An entry may lead to a later row: a session keeps its uid when its id changes.
  const isOwn = await Promise.all(entries.map(async (entry) => (await db.get(entry)) === key));
  const removed = [key, ...entries.filter((_, at) => isOwn[at])];
  await db.write(removed.map((name): Change<Row> => [name, undefined]));
}

async function purge({ db, now }: Context): Promise<void> {
  for await (const [key, row] of db.scan("row!")) {
    if (typeof row === "object" && isExpired(row, now())) await remove(db, key);
  }
}
