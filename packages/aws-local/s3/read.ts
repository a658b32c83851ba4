/** GetObject and HeadObject. */
import { createReadStream } from "node:fs";
import { type Checksum, checksumHeaders, createHasher } from "./checksum.ts";
import { checkReadConditions, noSuchKey } from "./conditions.ts";
import { integer, parameter, type ReadContext, respond, type Services } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { objectHeaders } from "./headers.ts";
import { parseRange, type Range } from "./range.ts";
import type { ObjectRow } from "./rows.ts";
import { sendRange } from "./send.ts";
import { objectName } from "./store.ts";

const DAMAGED =
  "The stored bytes of this object are missing or truncated. Restore them from a backup; npm run verify lists what is damaged.";
const READ_BYTES = 512 * 1024;
/** The most that a HEAD reads to compute a checksum: about a tenth of a second. */
const MAX_HASHED_BYTES = 64 * 1024 ** 2;

/** Finds an object and keeps its bytes readable until `release`, even if it is replaced or deleted. */
export async function pinObject(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  bucket: string,
  key: string,
): Promise<{ row: ObjectRow; release(): void } | undefined> {
  for (;;) {
    const row = await store.get("object", objectName(bucket, key));
    if (!row) return undefined;
    const release = blobs.pin(row.pieces.map(({ blob }) => blob));
    // Blobs are deleted after their row: if the row is still there after the pin, so are its bytes.
    const current = await store.get("object", objectName(bucket, key));
    if (current?.sequencer === row.sequencer) return { row, release };
    release();
  }
}

/**
 * Call before the response begins: a client would take a response that ends early for the whole object.
 *
 * @throws S3Error InternalError if bytes of the range are missing
 */
export async function assertIntact(
  { blobs, report }: Pick<Services, "blobs" | "report">,
  { bucket, key }: { bucket: string; key: string },
  row: ObjectRow,
  range = wholeRange(row),
): Promise<void> {
  let offset = 0;
  for (const { blob, sizeBytes } of row.pieces) {
    const isInside = offset <= range.end && offset + sizeBytes > range.start;
    offset += sizeBytes;
    if (!isInside) continue;
    const found = await blobs.sizeOf(blob);
    if (found === sizeBytes) continue;
    report({ bucket, key, blob, kind: found === undefined ? "missing" : "truncated" });
    throw new S3Error("InternalError", DAMAGED);
  }
}

export async function getObject(context: ReadContext): Promise<void> {
  const { bucket, key, query, request } = context;
  if (query.has("versionId") && query.get("versionId") !== "null")
    throw notImplemented("versionId");
  const pinned = await pinObject(context, bucket.name, key);
  if (!pinned) throw noSuchKey(key);
  try {
    const { row } = pinned;
    const headers = objectHeaders(context, row);
    if (checkReadConditions(context, row) === "not modified") {
      respond(context, 304, {
        etag: `"${row.etag}"`,
        "last-modified": headers["last-modified"] ?? "",
      });
      return;
    }
    const range = readRange(context, row);
    await assertIntact(context, { bucket: bucket.name, key }, row, range);
    const length = range ? range.end - range.start + 1 : row.sizeBytes;
    if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${row.sizeBytes}`;
    else if (parameter(context, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
      Object.assign(headers, checksumHeaders(row.checksum ?? (await computeCrc64(context, row))));
    }
    if (row.multipart && query.has("partNumber")) {
      headers["x-amz-mp-parts-count"] = String(row.pieces.length);
    }
    context.response.writeHead(range ? 206 : 200, { ...headers, "content-length": length });
    if (request.method === "HEAD" || length === 0) context.response.end();
    else await sendRange(context.response, filesOf(context, row), range ?? wholeRange(row));
  } finally {
    pinned.release();
  }
}

export const wholeRange = ({ sizeBytes }: ObjectRow): Range => ({ start: 0, end: sizeBytes - 1 });

export const filesOf = ({ blobs }: Pick<Services, "blobs">, { pieces }: ObjectRow) =>
  pieces.map(({ blob, sizeBytes }) => ({ path: blobs.pathOf(blob), sizeBytes }));

/**
 * S3 stores the CRC64NVME of each object that was uploaded without a checksum. A second hash beside MD5 would slow
 * down every PUT, so a HEAD that requests it computes it. Undefined for large objects and multipart uploads.
 */
async function computeCrc64(
  { blobs, request }: ReadContext,
  row: ObjectRow,
): Promise<Checksum | undefined> {
  if (request.method !== "HEAD" || row.multipart || row.sizeBytes > MAX_HASHED_BYTES) return;
  const algorithm = "CRC64NVME";
  const hasher = await createHasher(algorithm);
  for (const { blob } of row.pieces) {
    const stream = createReadStream(blobs.pathOf(blob), { highWaterMark: READ_BYTES });
    for await (const chunk of stream) hasher.update(chunk);
  }
  return { algorithm, value: hasher.digest(), type: "FULL_OBJECT" };
}

function readRange(context: ReadContext, row: ObjectRow): Range | undefined {
  const header = context.request.headers.range;
  if (context.query.has("partNumber")) {
    const number = integer(context, "partNumber", { min: 1, max: 10_000 });
    if (header) {
      throw new S3Error(
        "InvalidRequest",
        "Cannot specify both Range header and partNumber query parameter",
      );
    }
    return partRange(row, number);
  }
  // The client has a part of another version, so it gets the whole object.
  const ifRange = context.request.headers["if-range"];
  if (ifRange !== undefined && ifRange !== `"${row.etag}"`) return undefined;
  const range = parseRange(header, row.sizeBytes);
  if (range !== "unsatisfiable") return range;
  throw new S3Error(
    "InvalidRange",
    "The requested range is not satisfiable",
    { RangeRequested: header ?? "", ActualObjectSize: String(row.sizeBytes) },
    { "content-range": `bytes */${row.sizeBytes}` },
  );
}

function partRange(row: ObjectRow, number: number): Range | undefined {
  if (row.sizeBytes === 0 && number === 1) return undefined;
  const before = row.pieces.slice(0, number - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const extent = row.pieces[number - 1];
  if (!extent) throw new S3Error("InvalidRange", "The requested partnumber is not satisfiable");
  return { start: before, end: before + extent.sizeBytes - 1 };
}
