import { z } from "zod";
import { UploadId } from "../id.ts";
import * as Table from "../table.ts";
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

/** An update that ends an upload, or moves it on, from one of these statuses. */
export function change(input: {
  row: Row;
  to: Info["status"];
  from: Info["status"][];
  set?: Table.Row;
  /** When reconcile looks at it; without it, never. */
  due?: string;
  condition?: string;
  now: number;
}): Table.Update {
  const { row, to, from, due, now } = input;
  const ended = to === "completed" || to === "aborted" || to === "expired";
  return Table.update({
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
}
