import { VisibleError } from "../error.ts";
import { formatWait } from "../format.ts";
import { macOf } from "../secret.ts";
import * as Table from "../table/index.ts";

/** What is limited. */
export type Kind = "sign-in" | "share-password";

export interface Take {
  kind: Kind;
  /** What the tries count against, such as an address or a share. Only its MAC is stored. */
  of: string;
  max: number;
  windowSeconds: number;
  now?: number;
}

/**
 * Takes one of `max` tries of a window. If none is left, throws `rate.limited` with the seconds until the next window.
 * The count is in the table, for all processes together: this protects secrets against guessing, while
 * web/api/limits.ts limits floods in memory.
 *
 * Windows are fixed, not sliding. Around a boundary twice `max` tries are possible, so choose `max` accordingly. Each
 * try is one write, whatever the traffic.
 */
export async function take({ now = Date.now(), ...wanted }: Take): Promise<void> {
  if (await tryTake({ ...wanted, now })) return;
  const second = Math.floor(now / 1000);
  const seconds = startOf(second, wanted.windowSeconds) + wanted.windowSeconds - second;
  const message = `Too many attempts. Wait ${formatWait(seconds)} and try again.`;
  throw new VisibleError("rate", "rate.limited", message, seconds);
}

/** The same for callers with a fallback. Returns false if no try is left. */
export async function tryTake(wanted: Take): Promise<boolean> {
  const { kind, of, max, windowSeconds, now = Date.now() } = wanted;
  const start = startOf(Math.floor(now / 1000), windowSeconds);
  const end = start + windowSeconds;
  const taken = await Table.apply(
    Table.update({
      key: Table.key.limit(kind, macOf("limit", `${kind} ${of}`), start),
      add: { hits: 1 },
      set: { ttl: end },
      // Rejected tries are not counted, so the row shows how many tries were allowed.
      condition: "attribute_not_exists(#hits) OR #hits < :max",
      values: { ":max": max },
    }),
  );
  return taken !== undefined;
}

/**
 * Gives a try back: someone who knew the secret must not use up the tries of others behind the same address. `now` must
 * be the time of the `take`.
 */
export async function giveBack({
  kind,
  of,
  windowSeconds,
  now,
}: Omit<Take, "max"> & { now: number }) {
  const start = startOf(Math.floor(now / 1000), windowSeconds);
  await Table.apply(
    Table.update({
      key: Table.key.limit(kind, macOf("limit", `${kind} ${of}`), start),
      add: { hits: -1 },
      condition: "#hits > :none",
      values: { ":none": 0 },
    }),
  );
}

const startOf = (second: number, windowSeconds: number) => second - (second % windowSeconds);
