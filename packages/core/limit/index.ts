import { VisibleError } from "../error.ts";
import { formatWait } from "../format.ts";
import { macOf } from "../secret.ts";
import * as Table from "../table/index.ts";

/** What is counted. */
export type Kind = "sign-in" | "share-password";

export interface Take {
  kind: Kind;
  /** Whose guesses: an address, a share. Only a MAC of it is kept. */
  of: string;
  max: number;
  windowSeconds: number;
  now?: number;
}

/**
 * Takes one of `max` tries of a window. Throws `rate.limited` with the seconds until the next window
 * when none is left. Counted in the table, so that all processes count together: this guards secrets
 * against guessing, while floods are held off in memory at the door (web/api/limits.ts).
 *
 * Windows are fixed, not sliding: around a boundary twice `max` tries are possible, so choose `max`
 * with that in mind. It is one write a try, whatever the traffic.
 */
export async function take({ now = Date.now(), ...wanted }: Take): Promise<void> {
  if (await tryTake({ ...wanted, now })) return;
  const second = Math.floor(now / 1000);
  const seconds = startOf(second, wanted.windowSeconds) + wanted.windowSeconds - second;
  const message = `Too many attempts. Wait ${formatWait(seconds)} and try again.`;
  throw new VisibleError("rate", "rate.limited", message, seconds);
}

/** The same for whoever goes on in another way when none is left; says whether one was. */
export async function tryTake(wanted: Take): Promise<boolean> {
  const { kind, of, max, windowSeconds, now = Date.now() } = wanted;
  const start = startOf(Math.floor(now / 1000), windowSeconds);
  const end = start + windowSeconds;
  const taken = await Table.apply(
    Table.update({
      key: Table.key.limit(kind, macOf("limit", `${kind} ${of}`), start),
      add: { hits: 1 },
      set: { ttl: end },
      // Refused, and not counted on, so that the row tells how many tries were let through.
      condition: "attribute_not_exists(#hits) OR #hits < :max",
      values: { ":max": max },
    }),
  );
  return taken !== undefined;
}

/**
 * Gives a try back that was none: whoever knew the secret does not use up the tries of all others
 * behind the same address. `now` as it was taken with.
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
