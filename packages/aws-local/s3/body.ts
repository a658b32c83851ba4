/**
 * A request's body on its way into a blob: decoded, hashed and written in one pass. Hashing runs on
 * this thread while the system writes what was hashed before; what is in memory is bounded.
 */
import { createHash, type Hash } from "node:crypto";
import type { Blobs } from "./blobs.ts";
import { type Algorithm, type Checksum, createHasher, type Hasher } from "./checksum.ts";
import { ChunkedDecoder } from "./chunked.ts";
import { S3Error } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { type Expectation, expectationOf } from "./expectation.ts";
import type { Piece } from "./store.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Bytes handed to the system at once: large enough that the call costs nothing beside the copy. */
const WRITE_BYTES = MIB;
/** Bytes that may wait for the disk before the client is stopped. */
const MAX_WAITING_BYTES = 4 * MIB;
/** The disk is told to begin this often, so that little is left for the sync at the end. */
const SYNC_BYTES = 64 * MIB;
/** S3 too gives up on a client that sends nothing. */
const STALL_MS = 60_000;

export interface Received {
  sizeBytes: number;
  /** MD5 of the bytes in hex. */
  etag: string;
  checksum?: Checksum;
  /** None for an empty body. */
  piece?: Piece;
  /** Removes the blob again, when its row was not written. */
  discard(): Promise<void>;
}

/**
 * Stores the body and checks all that its sender said about it; it is on the disk when this resolves.
 *
 * @param compute a checksum that is wanted even if the sender gave none
 * @throws S3Error BadDigest, IncompleteBody, EntityTooLarge, InsufficientStorage and others
 */
export async function receive(exchange: Exchange, compute?: Algorithm): Promise<Received> {
  const expected = expectationOf(exchange);
  const { blobs } = exchange;
  await blobs.assertRoomFor(expected.sizeBytes);
  const algorithm = expected.checksum?.algorithm ?? compute;
  const hashes = {
    md5: createHash("md5"),
    sha256: expected.sha256 ? createHash("sha256") : undefined,
    checksum: algorithm && (await createHasher(algorithm)),
  };
  const blob = blobs.newId();
  const file = await blobs.create(blob);
  const discard = () => blobs.remove([blob]);
  try {
    const { sizeBytes, trailers } = await pump(exchange, expected, hashes, file);
    const etag = hashes.md5.digest();
    const value = hashes.checksum?.digest();
    assertDigests(expected, {
      sizeBytes,
      md5: etag.toString("base64"),
      sha256: hashes.sha256?.digest("hex"),
      checksum: value,
      trailers,
    });
    if (sizeBytes > 0) await file.sync();
    await file.close();
    if (sizeBytes === 0) await discard();
    return {
      sizeBytes,
      etag: etag.toString("hex"),
      checksum: algorithm && value ? { algorithm, value, type: "FULL_OBJECT" } : undefined,
      piece: sizeBytes > 0 ? { blob, sizeBytes, md5: etag.toString("hex") } : undefined,
      discard,
    };
  } catch (error) {
    await file.close().catch(() => {});
    await discard();
    throw error;
  }
}

type File = Awaited<ReturnType<Blobs["create"]>>;

/** Runs the body through decoder, hashes and file. Resolves when every byte has been handed to the system. */
function pump(
  { request, verified, proceed }: Exchange,
  expected: Expectation,
  hashes: { md5: Hash; sha256?: Hash; checksum?: Hasher },
  file: File,
): Promise<{ sizeBytes: number; trailers: Map<string, string> }> {
  const chunked =
    expected.framing === "plain"
      ? undefined
      : new ChunkedDecoder(
          expected.framing === "unsigned" ? undefined : verified.chain,
          expected.framing === "signed-trailer",
        );
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let sizeBytes = 0;
  let written = 0;
  let nextSync = SYNC_BYTES;
  let syncing = Promise.resolve();
  let writing = false;
  let ended = false;
  let trailers = new Map<string, string>();

  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", fail);
      request.socket.off("timeout", onStall).setTimeout(0);
      // What is left of the body is read and dropped: a client that still sends must see the answer.
      request.resume();
      if (error === undefined) syncing.then(() => resolve({ sizeBytes, trailers }), reject);
      else
        syncing.then(
          () => reject(error),
          () => reject(error),
        );
    };
    let failed = false;
    const fail = (error: unknown) => {
      if (failed) return;
      failed = true;
      // The file is closed by the caller, so a write that is under way must have ended.
      if (!writing) finish(error);
      else failure = error;
    };
    let failure: unknown;

    async function write(): Promise<void> {
      if (writing) return;
      writing = true;
      try {
        while (!failed && (waitingBytes >= WRITE_BYTES || (ended && waitingBytes > 0))) {
          const chunks = waiting;
          const bytes = waitingBytes;
          waiting = [];
          waitingBytes = 0;
          await file.write(chunks, bytes, written);
          written += bytes;
          if (request.isPaused() && waitingBytes < MAX_WAITING_BYTES / 2) request.resume();
          if (written < nextSync) continue;
          nextSync = written + SYNC_BYTES;
          syncing = Promise.all([syncing, file.sync()]).then(() => {});
          // Its error is met where `syncing` is awaited; here it only must not count as unhandled.
          syncing.catch(() => {});
        }
      } catch (error) {
        failed = true;
        failure = error;
      }
      writing = false;
      if (failed) finish(failure);
      else if (ended) finish();
    }

    const take = (data: Buffer) => {
      sizeBytes += data.length;
      if (sizeBytes > expected.sizeBytes) {
        throw new S3Error("IncompleteBody", "The body is longer than its stated length.");
      }
      hashes.md5.update(data);
      hashes.sha256?.update(data);
      hashes.checksum?.update(data);
      waiting.push(data);
      waitingBytes += data.length;
    };
    const guard = (run: () => void) => {
      try {
        if (!failed) run();
      } catch (error) {
        fail(error);
      }
    };
    const onData = (bytes: Buffer) =>
      guard(() => {
        if (chunked) chunked.push(bytes, take);
        else take(bytes);
        if (waitingBytes > MAX_WAITING_BYTES) request.pause();
        if (waitingBytes >= WRITE_BYTES) void write();
      });
    const onEnd = () =>
      guard(() => {
        if (chunked) trailers = chunked.end();
        if (sizeBytes !== expected.sizeBytes) throw incomplete();
        ended = true;
        void write();
      });
    const onClose = () => {
      if (!ended) fail(incomplete());
    };
    const onStall = () => {
      // While the disk is behind it is we who do not read.
      if (!request.isPaused()) {
        fail(
          new S3Error(
            "RequestTimeout",
            "Your socket connection to the server was not read from or written to within the timeout period.",
          ),
        );
      }
    };
    request.socket.setTimeout(STALL_MS).on("timeout", onStall);
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", fail);
    proceed();
  });
}

const incomplete = () =>
  new S3Error(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );

function assertDigests(
  expected: Expectation,
  is: {
    sizeBytes: number;
    md5: string;
    sha256?: string;
    checksum?: string;
    trailers: Map<string, string>;
  },
): void {
  if (expected.md5 !== undefined && expected.md5 !== is.md5) {
    throw new S3Error(
      "BadDigest",
      "The Content-MD5 you specified did not match what we received.",
      {
        ExpectedDigest: expected.md5,
        CalculatedDigest: is.md5,
      },
    );
  }
  if (expected.sha256 !== undefined && expected.sha256 !== is.sha256) {
    throw new S3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (!expected.checksum) return;
  const { algorithm, header } = expected.checksum;
  const stated = expected.checksum.value ?? is.trailers.get(header);
  if (stated === undefined) {
    throw new S3Error("MalformedTrailerError", `The trailer ${header} is missing.`);
  }
  if (stated !== is.checksum) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  }
}
