import { createHash } from "node:crypto";
import * as z from "zod";
import * as Table from "../table/index.ts";
import { endOf, type Rotation } from "./rotation.ts";
import { Info } from "./schema.ts";

/** A session as the table stores it. Its id is the hash of the secret in the cookie. */
export const Row = Info.omit({ current: true, time: true }).extend({
  ownerId: z.string(),
  generation: z.number().int(),
  previous: z.number().int(),
  /** The provider's token, sealed. Sign-out sends it to the provider. */
  idToken: z.string().optional(),
  time: z.object({
    created: z.iso.datetime(),
    seen: z.iso.datetime(),
    rotated: z.iso.datetime(),
    confirmed: z.iso.datetime().optional(),
  }),
});
export type Row = z.infer<typeof Row>;

export const hashOf = (secret: string) => createHash("sha256").update(secret).digest("base64url");

export async function read(id: string): Promise<Row | undefined> {
  const row = await Table.get(Table.key.session(id));
  return row && Row.parse(row);
}

export function rotationOf({ generation, previous, time }: Row): Rotation {
  return {
    generation,
    previous,
    created: Date.parse(time.created),
    seen: Date.parse(time.seen),
    rotated: Date.parse(time.rotated),
    confirmed: time.confirmed === undefined ? undefined : Date.parse(time.confirmed),
  };
}

/** When the table may delete a session. It does so some time later. */
export const ttlOf = (rotation: Pick<Rotation, "created" | "seen">) =>
  Math.ceil(endOf(rotation) / 1000);

/** Every session of an owner that has not ended, newest first. */
export async function allOf(ownerId: string, now: number): Promise<Row[]> {
  const rows = await Table.queryAll({
    index: "owner",
    partition: Table.index.ownerSessions(ownerId, "", "").ownerPk,
    newestFirst: true,
  });
  return rows.map((row) => Row.parse(row)).filter((row) => endOf(rotationOf(row)) > now);
}
