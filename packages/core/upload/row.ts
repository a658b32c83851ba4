import * as z from "zod";
import { UploadId } from "../id.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { Info } from "./schema.ts";

/** An upload as the table holds it. */
export const Row = Info.extend({
  ownerId: z.string(),
  ownerEmail: z.string(),
  bucket: z.string(),
  key: z.string(),
  multipartId: z.string().optional(),
  fingerprint: z.string().optional(),
});
export type Row = z.infer<typeof Row>;

export async function read(id: string): Promise<Row | undefined> {
  const row = await Table.get(Table.key.upload(id));
  return row && Row.parse(row);
}

/** The upload whose object this is: `<uploadId>/<name>`, and the very key that we gave it. */
export async function ofObject(bucket: string, key: string): Promise<Row | undefined> {
  const id = UploadId.safeParse(key.split("/", 1)[0]);
  if (!id.success) return undefined;
  const row = await read(id.data);
  return row?.bucket === bucket && row.key === key ? row : undefined;
}

/** How long an ended upload can still be asked for. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** What an upload in such a state takes of its owner's quota. Once it is a job, the job holds the bytes. */
function held(status: Info["status"], sizeBytes: number): Usage.Held {
  const isOpen = OPEN.includes(status);
  return {
    openUploads: isOpen ? 1 : 0,
    bytes: isOpen || status === "completed" ? sizeBytes : 0,
  };
}
const OPEN: Info["status"][] = ["open", "completing"];

export interface Move {
  /** As it was read: the move is refused if it has been opened, ended or removed since. */
  row: Row;
  to: Info["status"];
  set?: Table.Row;
  /** When reconcile looks at it; without it, never. */
  due?: string;
  condition?: string;
  /** Of the object, where there is one: another tool may have put it there. */
  sizeBytes?: number;
  now: number;
}

/** Moves an upload on, and its owner's usage with it; false when it has moved elsewhere. */
export async function move(input: Move): Promise<boolean> {
  // An end is left by nothing but bytes that land after all.
  if (!OPEN.includes(input.row.status) && input.to !== "completed") return false;
  return Table.transact(moves(input));
}

/** The writes of a move, for a transaction with others. */
export function moves(input: Move): Table.Write[] {
  const { row, to, due, now } = input;
  const isOpen = OPEN.includes(row.status);
  const from = isOpen ? OPEN : [row.status];
  const ended = !OPEN.includes(to);
  const before = held(row.status, row.sizeBytes);
  const after = held(to, input.sizeBytes ?? row.sizeBytes);
  const by = {
    openUploads: after.openUploads - before.openUploads,
    bytes: after.bytes - before.bytes,
  };
  const Update = Table.update({
    key: Table.key.upload(row.id),
    set: {
      status: to,
      ...Table.index.ownerUploads(row.ownerId, to, row.id),
      ...(due !== undefined && Table.index.due("upload", row.id, due)),
      ...(ended && { ttl: Math.ceil((now + KEPT_MS) / 1000) }),
      ...input.set,
    },
    remove: due === undefined ? ["duePk", "dueSk"] : [],
    condition: `#status IN (${from.map((_, at) => `:from${at}`).join(", ")})${input.condition ? ` AND ${input.condition}` : ""}`,
    values: Object.fromEntries(from.map((status, at) => [`:from${at}`, status])),
  });
  const changes = by.openUploads !== 0 || by.bytes !== 0;
  return [{ Update }, ...(changes ? [Usage.write(row.ownerId, by)] : [])];
}
