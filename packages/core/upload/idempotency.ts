/**
 * Repeated requests to create uploads. A client that got no response sends the same `Idempotency-Key` again and gets
 * the same uploads. Their ids are derived from the key, so that neither a repeat nor a crash half-way leaves an upload
 * that no client knows of.
 */
import * as z from "zod";
import { derivedUlid, digest } from "../derived-id.ts";
import { VisibleError } from "../error.ts";
import { UploadId } from "../id.ts";
import * as Table from "../table/index.ts";
import type { NewFile } from "./schema.ts";

/** As long as Stripe keeps keys: https://docs.stripe.com/api/idempotent_requests */
const KEPT_MS = 24 * 3_600_000;

const Row = z.object({ request: z.string(), created: z.number(), expires: z.number() });

export interface Repeatable {
  /** True if the key was used within its window. Some or all uploads may exist. */
  repeated: boolean;
  /** The id of the file at this index of the request. */
  idOf(place: number): UploadId;
}

/** Records the key of a request, or finds it. Throws `idempotency.reused` if it was used for other files. */
export async function remember(
  ownerId: string,
  key: string,
  files: NewFile[],
  now = Date.now(),
): Promise<Repeatable> {
  // A client that continues an upload may have asked for the video of the same file first, without a checksum.
  const named = files.map(({ onlyNew, crc64nvme, ...file }) => file);
  const request = digest(named).toString("base64url");
  const name = digest([ownerId, key]).toString("base64url");
  const row = { ...Table.key.idempotency(name), request, created: now, expires: now + KEPT_MS };
  const put = Table.put(
    { ...row, ttl: Math.ceil(row.expires / 1000) },
    // The table's time to live may be days late.
    "attribute_not_exists(pk) OR expires <= :now",
  );
  if (put.Put) put.Put.ExpressionAttributeValues = { ":now": now };
  const isNew = await Table.transact([put]);
  const found = isNew ? row : Row.parse(await Table.get(Table.key.idempotency(name)));
  if (found.request !== request) {
    throw new VisibleError(
      "conflict",
      "idempotency.reused",
      "This Idempotency-Key was already used for other files. Use a new key.",
    );
  }
  const idOf = (place: number) =>
    UploadId.parse(`upl_${derivedUlid(found.created, [ownerId, key, place])}`);
  return { repeated: !isNew, idOf };
}
