/** Objects read. */

import { createReadStream } from "node:fs";
import { type Checksum, checksumHeaders, createHasher } from "./checksum.ts";
import { checkRead, noSuchKey } from "./conditions.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { integer, parameter, type ReadExchange, reply, type Services } from "./exchange.ts";
import { objectHeaders } from "./headers.ts";
import { parseRange, type Range } from "./range.ts";
import { sendRange } from "./send.ts";
import { type ObjectRow, objectName } from "./store.ts";

const DAMAGED =
  "The stored bytes of this object are missing or cut off. Restore them from a backup; npm run verify lists what is damaged.";
const READ_BYTES = 512 * 1024;
/** The most that a HEAD reads for a checksum: about a tenth of a second. */
const MOST_HASHED_BYTES = 64 * 1024 ** 2;

/** Finds an object and keeps its bytes readable, even if it is replaced meanwhile, until `release`. */
export async function locate(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  bucket: string,
  key: string,
): Promise<{ row: ObjectRow; release(): void } | undefined> {
  for (;;) {
    const row = await store.get("object", objectName(bucket, key));
    if (!row) return undefined;
    const release = blobs.hold(row.pieces.map(({ blob }) => blob));
    // Blobs go after their row: a row that is still there behind the hold has all of its bytes.
    const now = await store.get("object", objectName(bucket, key));
    if (now?.sequencer === row.sequencer) return { row, release };
    release();
  }
}

/**
 * @throws S3Error InternalError if bytes of the range are missing: before the answer begins, which a client would
 *   otherwise take for the whole
 */
export async function assertWhole(
  { blobs, report }: Pick<Services, "blobs" | "report">,
  { bucket, key }: { bucket: string; key: string },
  row: ObjectRow,
  range = wholeOf(row),
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

export async function getObject(exchange: ReadExchange): Promise<void> {
  const { bucket, key, query, request } = exchange;
  if (query.has("versionId") && query.get("versionId") !== "null")
    throw notImplemented("versionId");
  const found = await locate(exchange, bucket.name, key);
  if (!found) throw noSuchKey(key);
  try {
    const { row } = found;
    const headers = objectHeaders(exchange, row);
    if (checkRead(exchange, row) === "not modified") {
      reply(exchange, 304, {
        etag: `"${row.etag}"`,
        "last-modified": headers["last-modified"] ?? "",
      });
      return;
    }
    const range = rangeOf(exchange, row);
    await assertWhole(exchange, { bucket: bucket.name, key }, row, range);
    const length = range ? range.end - range.start + 1 : row.sizeBytes;
    if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${row.sizeBytes}`;
    else if (parameter(exchange, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
      Object.assign(headers, checksumHeaders(row.checksum ?? (await crc64Of(exchange, row))));
    }
    if (row.multipart && query.has("partNumber")) {
      headers["x-amz-mp-parts-count"] = String(row.pieces.length);
    }
    exchange.response.writeHead(range ? 206 : 200, { ...headers, "content-length": length });
    if (request.method === "HEAD" || length === 0) exchange.response.end();
    else await sendRange(exchange.response, files(exchange, row), range ?? wholeOf(row));
  } finally {
    found.release();
  }
}

const wholeOf = ({ sizeBytes }: ObjectRow): Range => ({ start: 0, end: sizeBytes - 1 });

const files = ({ blobs }: ReadExchange, { pieces }: ObjectRow) =>
  pieces.map(({ blob, sizeBytes }) => ({ path: blobs.pathOf(blob), sizeBytes }));

/**
 * S3 stores the CRC64NVME of each object that was sent without a checksum. A second hash beside MD5 would
 * slow down every PUT, so a HEAD that asks computes it. Undefined for large objects and for those that
 * were sent in parts.
 */
async function crc64Of(
  { blobs, request }: ReadExchange,
  row: ObjectRow,
): Promise<Checksum | undefined> {
  if (request.method !== "HEAD" || row.multipart || row.sizeBytes > MOST_HASHED_BYTES) return;
  const algorithm = "CRC64NVME";
  const hasher = await createHasher(algorithm);
  for (const { blob } of row.pieces) {
    const stream = createReadStream(blobs.pathOf(blob), { highWaterMark: READ_BYTES });
    for await (const chunk of stream) hasher.update(chunk);
  }
  return { algorithm, value: hasher.digest(), type: "FULL_OBJECT" };
}

function rangeOf(exchange: ReadExchange, row: ObjectRow): Range | undefined {
  const header = exchange.request.headers.range;
  if (exchange.query.has("partNumber")) {
    const number = integer(exchange, "partNumber", { min: 1, max: 10_000 });
    if (header) {
      throw new S3Error(
        "InvalidRequest",
        "Cannot specify both Range header and partNumber query parameter",
      );
    }
    return partRange(row, number);
  }
  // A client that goes on with another version's bytes gets the whole object.
  const ifRange = exchange.request.headers["if-range"];
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
  const piece = row.pieces[number - 1];
  if (!piece) throw new S3Error("InvalidRange", "The requested partnumber is not satisfiable");
  return { start: before, end: before + piece.sizeBytes - 1 };
}
