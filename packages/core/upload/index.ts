import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { type Code, VisibleError } from "../error.ts";
import type * as Id from "../id.ts";
import { s3 } from "../storage.ts";
import {
  abort,
  assemble,
  assertSame,
  assertWhole,
  incomplete,
  isThere,
  receivedParts,
} from "./finish.ts";
import { remember } from "./idempotency.ts";
import { type Row, read, transition } from "./row.ts";
import {
  type Existing,
  Info,
  type NewFile,
  type Part,
  type PartToSign,
  type SignedRequest,
} from "./schema.ts";
import { requests } from "./sign.ts";
import { start } from "./start.ts";

export { list } from "./list.ts";
export {
  Crc64,
  Existing,
  Info,
  type NewFile,
  Part,
  Plan,
  SignedRequest,
  STATUSES,
} from "./schema.ts";

export type Created =
  | { upload: Info; requests: SignedRequest[]; error?: undefined; existing?: undefined }
  | { error: { code: Code; message: string }; upload?: undefined; requests?: undefined }
  | { existing: Existing; upload?: undefined; requests?: undefined; error?: undefined };

/** URLs of first parts for one file, and for all files of one call: signing costs CPU time. */
const FIRST_PARTS = 50;
const FIRST_PARTS_OF_ALL = 500;
/** How long after `complete` the object may take to appear. */
const COMPLETING_DUE_MS = 120_000;

/**
 * Starts one upload per file, in their order. A file that is rejected has an error in its place (`upload.empty`,
 * `upload.too_large`, `profile.unknown`, `quota.uploads`, `quota.bytes`), and one with
 * `onlyNew` that a video was made of has the video. Each upload comes with its first requests: the single PUT, or
 * the first parts. Within 24 hours the same `idempotencyKey` returns the same uploads, with new requests for those that
 * are open. Rejected files are tried again. Throws `idempotency.reused` if the key was used for other files.
 *
 * With `checksums`, no request comes without one: a file with `crc64nvme` gets its single PUT, and any other file none.
 */
export async function create(input: {
  files: NewFile[];
  checksums?: boolean | undefined;
  idempotencyKey?: string | undefined;
}): Promise<Created[]> {
  const owner = Actor.owner("upload");
  const share = Math.floor(FIRST_PARTS_OF_ALL / Math.max(1, input.files.length));
  const first = Math.max(1, Math.min(FIRST_PARTS, share));
  const { files, checksums = false, idempotencyKey: key } = input;
  const repeatable = key === undefined ? undefined : await remember(owner.ownerId, key, files);
  const started = await start(files, owner, repeatable);
  return Promise.all(
    started.map(async ({ row, error, existing }, place): Promise<Created> => {
      if (error) return { error };
      if (existing) return { existing };
      if (row.status !== "open") return { upload: serialize(row), requests: [] };
      const [signed] = await Promise.all([
        firstRequests(row, first, checksums, files[place]?.crc64nvme),
        ...(repeatable?.repeated
          ? []
          : [Audit.record({ action: "upload.created", target: row.id })]),
      ]);
      return { upload: serialize(row), requests: signed };
    }),
  );
}

async function firstRequests(
  row: Row,
  most: number,
  checksums: boolean,
  crc64nvme: string | undefined,
): Promise<SignedRequest[]> {
  const { plan } = row;
  if (plan.kind === "single") {
    return checksums && crc64nvme === undefined ? [] : requests(row, [], crc64nvme);
  }
  const count = checksums ? 0 : Math.min(most, plan.partCount);
  return requests(
    row,
    Array.from({ length: count }, (_, at) => ({ partNumber: at + 1 })),
  );
}

/** Signs the single PUT, with `crc64nvme` if it is there, or these parts. Throws `upload.not_found`, `.closed`, `.part_unknown`. */
export async function sign(input: {
  id: Id.UploadId;
  partNumbers?: number[] | undefined;
  parts?: PartToSign[] | undefined;
  crc64nvme?: string | undefined;
}): Promise<SignedRequest[]> {
  const { id, partNumbers = [], parts = [], crc64nvme } = input;
  const row = await requireOwned(id);
  if (row.status !== "open") throw closed();
  const numbered = partNumbers.map((partNumber) => ({ partNumber }));
  return requests(row, [...parts, ...numbered], crc64nvme);
}

/** The parts that S3 has, so that an upload can resume. Throws `upload.not_found`. */
export async function parts(id: Id.UploadId): Promise<Part[]> {
  return (await receivedParts(await requireReachable(id))) ?? [];
}

/**
 * Completes an upload whose bytes have all arrived: this lists the parts in S3, and S3 checks the total size. It is
 * `completing` until source-created has processed the object. Safe to repeat. Throws `upload.not_found`,
 * `upload.incomplete`, `upload.closed`, and `upload.checksum` if the key has another object.
 *
 * @param crc64nvme base64 of the file's CRC-64/NVME. For a multipart upload, S3 compares it with the parts, and
 * `upload.incomplete` says that one differs. For a single PUT whose response was 412, this throws `upload.checksum` if the
 * object in S3 is another file, even if it already has a job.
 */
export async function complete(id: Id.UploadId, crc64nvme?: string): Promise<Info> {
  const row = await requireOwned(id);
  if (crc64nvme !== undefined && row.plan.kind === "single") await assertSame(row, crc64nvme);
  if (row.status === "completed") return serialize(row);
  if (row.status !== "open" && row.status !== "completing") throw closed();
  return serialize(await finish(row, crc64nvme));
}

/** Aborts an upload and deletes its parts. Throws `upload.not_found`, and `upload.closed` once it has a job. */
export async function remove(id: Id.UploadId): Promise<void> {
  const row = await requireReachable(id);
  if (row.status === "aborted" || row.status === "expired") return;
  const now = Date.now();
  if (!(await transition({ row, to: "aborted", now }))) throw closed();
  // An admin may have aborted another owner's upload.
  await Audit.record({ action: "upload.removed", target: id, detail: { owner: row.ownerId } });
  await abort(row);
  // Bytes that have arrived already. Their event finds the upload aborted, so no job is created.
  await s3.send(new DeleteObjectCommand({ Bucket: row.bucket, Key: row.key }));
}

/** Throws `upload.not_found`. */
export async function fromId(id: Id.UploadId): Promise<Info> {
  return serialize(await requireReachable(id));
}

/** Settles an upload for reconcile: finishes one that is completing, and expires a stale one. */
export async function settle(row: Row): Promise<void> {
  Actor.system();
  const now = Date.now();
  const stale = row.time.expires <= new Date(now).toISOString();
  if (row.status === "completing" && !stale) {
    try {
      await finish(row);
    } catch (error) {
      // A part is missing after all. The browser may continue, and the upload expires as usual.
      if (!(error instanceof VisibleError)) throw error;
    }
    return;
  }
  // The bytes have arrived. Their event will follow, or is in a dead-letter queue.
  if (row.status === "completing" && (await isThere(row))) {
    const due = new Date(now + 24 * 3_600_000).toISOString();
    await transition({ row, to: "completing", due, now });
    return;
  }
  await abort(row);
  await transition({ row, to: "expired", now });
}

/** Completes an upload, from any intermediate state. Returns it as it is then. */
async function finish(row: Row, crc64nvme?: string): Promise<Row> {
  const found = await receivedParts(row);
  if (found) assertWhole(row, found);
  else if (!(await isThere(row)))
    throw incomplete("The file is not in the bucket yet. Upload it first.");
  const now = Date.now();
  const due = new Date(now + COMPLETING_DUE_MS).toISOString();
  // Before S3 creates the object, because its event may be faster than this process and must take precedence.
  const moved = await transition({ row, to: "completing", due, now });
  if (!moved) {
    const current = await read(row.id);
    if (current?.status === "completed") return current;
    throw closed();
  }
  if (found) await assemble(row, found, crc64nvme);
  return { ...row, status: "completing" };
}

/** The upload of this id, if the caller may access it. Throws `upload.not_found`. */
async function requireReachable(id: Id.UploadId): Promise<Row> {
  const actor = Actor.owner("upload");
  const row = await read(id);
  if (!row || !Actor.reaches(actor, row.ownerId)) throw notFound();
  return row;
}

/** The same for the caller that sends its bytes: not even an admin does that for another owner. */
async function requireOwned(id: Id.UploadId): Promise<Row> {
  const { ownerId } = Actor.owner("upload");
  const row = await read(id);
  if (row?.ownerId !== ownerId) throw notFound();
  return row;
}

function notFound(): VisibleError {
  return new VisibleError("not_found", "upload.not_found", "There is no such upload.");
}

function closed(): VisibleError {
  return new VisibleError(
    "conflict",
    "upload.closed",
    "This upload is already complete or was canceled.",
  );
}

function serialize(row: Row): Info {
  return Info.parse(row);
}
