/** What the provider remembers: sessions, grants, codes, sign-ins under way. On the disk, each until it expires. */

import { openLevel } from "@rushes/aws-local/level/open";
import { type Adapter, type AdapterPayload, errors } from "oidc-provider";

interface Row {
  payload: AdapterPayload;
  /** Milliseconds; absent for what never expires. */
  expires?: number;
}

/** Not worth a turn of the loop more often: an expired row is never given out. */
const SWEEP_MS = 10 * 60_000;
/** Codes end after a minute; one of these is forgotten long after its code. */
const MAX_CONSUMED = 10_000;

export interface Rows {
  adapter: (model: string) => Adapter;
  /** What was found damaged when they were opened, a sentence each. */
  damage: string[];
  close(): Promise<void>;
}

/** Opens them; what has expired is removed now and then. */
export async function openRows(folder: string, now: () => number = Date.now): Promise<Rows> {
  const { level: db, damage } = await openLevel<Row | string>(folder);
  const consumed = new Set<string>();

  const isOver = ({ expires }: Row) => expires !== undefined && expires <= now();

  async function read(key: string): Promise<Row | undefined> {
    const row = await db.get(key);
    return typeof row === "object" && !isOver(row) ? row : undefined;
  }

  /** A row with the names under which it is found besides its own. */
  function keysOf(model: string, key: string, { uid, userCode, grantId }: AdapterPayload) {
    return [
      ...(uid === undefined ? [] : [`uid!${model}!${uid}`]),
      ...(userCode === undefined ? [] : [`code!${model}!${userCode}`]),
      // Sessions and grants have no `grantId`; whatever has one ends with its grant.
      ...(grantId === undefined ? [] : [`grant!${grantId}!${key}`]),
    ];
  }

  const write = (puts: [string, Row | string][], removed: string[] = []) =>
    db.batch(
      [
        ...puts.map(([key, value]) => ({ type: "put" as const, key, value })),
        ...removed.map((key) => ({ type: "del" as const, key })),
      ],
      { sync: true },
    );

  const modelOf = (key: string) => key.split("!")[1] ?? "";

  async function remove(key: string): Promise<void> {
    const row = await db.get(key);
    const others = typeof row === "object" ? keysOf(modelOf(key), key, row.payload) : [];
    // The same uid may name a later row by now: a session's id changes, its uid does not.
    const named = await Promise.all(others.map(async (other) => (await db.get(other)) === key));
    await write([], [key, ...others.filter((_, at) => named[at])]);
  }

  async function sweep(): Promise<void> {
    for await (const [key, row] of db.iterator({ gt: "row!", lt: "row!\uffff" })) {
      if (typeof row === "object" && isOver(row)) await remove(key);
    }
  }

  let sweeping = sweep();
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep).catch(() => {});
  }, SWEEP_MS).unref();
  sweeping.catch(() => {});

  function adapter(model: string): Adapter {
    const keyOf = (id: string) => `row!${model}!${id}`;
    const named = async (name: string) => {
      const key = await db.get(name);
      return typeof key === "string" ? (await read(key))?.payload : undefined;
    };
    return {
      async upsert(id, payload, expiresIn) {
        const key = keyOf(id);
        const row: Row = { payload };
        // Zero says "never" to LevelDB's caller alone: the library gives no time for such rows.
        if (expiresIn) row.expires = now() + expiresIn * 1000;
        const names = keysOf(model, key, payload).map((name): [string, string] => [name, key]);
        await write([[key, row], ...names]);
      },
      find: async (id) => (await read(keyOf(id)))?.payload,
      findByUid: (uid) => named(`uid!${model}!${uid}`),
      findByUserCode: (code) => named(`code!${model}!${code}`),
      async consume(id) {
        const key = keyOf(id);
        // Before the first await: of two requests with one code, one alone comes through.
        if (consumed.has(key)) throw new errors.InvalidGrant("it was used already");
        consumed.add(key);
        const [oldest] = consumed;
        if (consumed.size > MAX_CONSUMED && oldest !== undefined) consumed.delete(oldest);
        const row = await read(key);
        if (!row) return;
        const at = Math.floor(now() / 1000);
        await write([[key, { ...row, payload: { ...row.payload, consumed: at } }]]);
      },
      destroy: (id) => remove(keyOf(id)),
      async revokeByGrantId(grantId) {
        const prefix = `grant!${grantId}!`;
        for await (const key of db.values({ gt: prefix, lt: `${prefix}\uffff` })) {
          if (typeof key === "string") await remove(key);
        }
      },
    };
  }

  return {
    adapter,
    damage,
    async close() {
      clearInterval(timer);
      await sweeping.catch(() => {});
      await db.close();
    },
  };
}
