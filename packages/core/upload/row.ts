import * as z from "zod";
import { UploadId } from "../id.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { Info } from "./schema.ts";

/** An upload as the table stores it. */
export const Row = Info.extend({
  ownerId: z.string(),
  ownerEmail: z.string(),
  bucket: z.string(),
  key: z.string(),
  multipartId: z.string().optional(),
});
export type Row = z.infer<typeof Row>;

export async function read(id: string): Promise<Row | undefined> {
  const row = await Table.get(Table.key.upload(id));
  return row && Row.parse(row);
}

/** The upload of this object: `<uploadId>/<name>`, with exactly the key that Rushes assigned. */
export async function ofObject(bucket: string, key: string): Promise<Row | undefined> {
  const id = UploadId.safeParse(key.split("/", 1)[0]);
  if (!id.success) return undefined;
  const row = await read(id.data);
  return row?.bucket === bucket && row.key === key ? row : undefined;
}

/** How long an ended upload is kept. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** What an upload with this status uses of its owner's quota. A completed one keeps its bytes for the job. */
function usageOf(status: Info["status"], sizeBytes: number): Usage.Amount {
  const isOpen = OPEN.includes(status);
  return {
    openUploads: isOpen ? 1 : 0,
    bytes: isOpen || status === "completed" ? sizeBytes : 0,
  };
}
const OPEN: Info["status"][] = ["open", "completing"];

export interface Transition {
  /** The row as it was read. The transition fails if its status has changed since. */
  row: Row;
  to: Info["status"];
  set?: Table.Row;
  /** When reconcile checks it. Never, if it is left out. */
  due?: string;
  condition?: string;
  /** The size of the object if it exists, because another tool may have written it. */
  sizeBytes?: number;
  now: number;
}

/** Changes the status of an upload, and its owner's usage. False if the status has changed since. */
export async function transition(input: Transition): Promise<boolean> {
  // An ended upload changes only if its bytes arrive after all.
  if (!OPEN.includes(input.row.status) && input.to !== "completed") return false;
  return Table.transact(transitionWrites(input));
}

/** The writes of a transition, for a transaction with others. */
export function transitionWrites(input: Transition): Table.Write[] {
  const { row, to, due, now } = input;
  const isOpen = OPEN.includes(row.status);
  const from = isOpen ? OPEN : [row.status];
  const ended = !OPEN.includes(to);
  const before = usageOf(row.status, row.sizeBytes);
  const after = usageOf(to, input.sizeBytes ?? row.sizeBytes);
  const by = {
    openUploads: after.openUploads - before.openUploads,
    bytes: after.bytes - before.bytes,
  };
  const allowed = Table.oneOf("status", from);
  const Update = Table.update({
    key: Table.key.upload(row.id),
    set: {
      status: to,
      ...Table.index.ownerUploads(row.ownerId, to, row.id),
      ...(due === undefined ? {} : Table.index.due("upload", row.id, due)),
      ttl: ended ? Math.ceil((now + KEPT_MS) / 1000) : undefined,
      ...input.set,
    },
    remove: due === undefined ? ["duePk", "dueSk"] : [],
    condition: input.condition ? `${allowed.condition} AND ${input.condition}` : allowed.condition,
    values: allowed.values,
  });
  const changes = by.openUploads !== 0 || by.bytes !== 0;
  return [{ Update }, ...(changes ? [Usage.write(row.ownerId, by)] : [])];
}
