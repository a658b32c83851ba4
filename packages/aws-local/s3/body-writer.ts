/**
 * Streams a request's body into a blob: decoded, hashed and written in one pass. This thread hashes while the
 * system writes what was hashed before. Memory is bounded.
 */
import type { Hash } from "node:crypto";
import type { BlobFile } from "./blobs.ts";
import type { BodyHeaders } from "./body-headers.ts";
import type { Hasher } from "./checksum.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { Context } from "./context.ts";
import { S3Error } from "./errors.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Bytes of one write: enough that the cost of the call does not matter. */
const WRITE_BYTES = MIB;
/** Bytes that may wait for the disk before the client is paused. */
const MAX_WAITING_BYTES = 4 * MIB;
/** The disk starts to sync after so many bytes, so that little is left for the sync at the end. */
const SYNC_BYTES = 64 * MIB;
/** S3 also gives up on a client that sends nothing. */
const STALL_MS = 60_000;

export interface Hashes {
  md5: Hash;
  sha256?: Hash;
  checksum?: Hasher;
}

interface WrittenBody {
  sizeBytes: number;
  trailers: Map<string, string>;
}

/** Writes one body. `run` resolves when the system has every byte. */
export class BodyWriter {
  readonly #context: Context;
  readonly #expectedBytes: number;
  readonly #hashes: Hashes;
  readonly #file: BlobFile;
  readonly #decoder: ChunkedDecoder | undefined;
  readonly #finished = Promise.withResolvers<WrittenBody>();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;
  #writtenBytes = 0;
  #nextSync = SYNC_BYTES;
  #syncing = Promise.resolve();
  #isWriting = false;
  #hasEnded = false;
  #failure: { error: unknown } | undefined;
  #trailers = new Map<string, string>();

  constructor(context: Context, headers: BodyHeaders, hashes: Hashes, file: BlobFile) {
    const { framing } = headers;
    this.#context = context;
    this.#expectedBytes = headers.sizeBytes;
    this.#hashes = hashes;
    this.#file = file;
    if (framing !== "plain") {
      const seed = framing === "unsigned" ? undefined : context.verified.chain;
      this.#decoder = new ChunkedDecoder(seed, framing === "signed-trailer");
    }
  }

  run(): Promise<WrittenBody> {
    const { request, sendContinue } = this.#context;
    request.socket.setTimeout(STALL_MS).on("timeout", this.#onStall);
    request
      .on("data", this.#onData)
      .on("end", this.#onEnd)
      .on("close", this.#onClose)
      .on("error", this.#fail);
    // The connection can break before these listeners exist, and then none of them is called.
    if (request.closed) this.#onClose();
    else sendContinue();
    return this.#finished.promise;
  }

  #onData = (bytes: Buffer): void =>
    this.#guard(() => {
      if (this.#decoder) this.#decoder.push(bytes, this.#take);
      else this.#take(bytes);
      if (this.#waitingBytes > MAX_WAITING_BYTES) this.#context.request.pause();
      if (this.#waitingBytes >= WRITE_BYTES) void this.#write();
    });

  #onEnd = (): void =>
    this.#guard(() => {
      if (this.#decoder) this.#trailers = this.#decoder.end();
      if (this.#sizeBytes !== this.#expectedBytes) throw incomplete();
      this.#hasEnded = true;
      void this.#write();
    });

  #onClose = (): void => {
    if (!this.#hasEnded) this.#fail(incomplete());
  };

  #onStall = (): void => {
    // A paused client waits for the disk.
    if (!this.#context.request.isPaused()) this.#fail(stalled());
  };

  #guard(run: () => void): void {
    try {
      if (!this.#failure) run();
    } catch (error) {
      this.#fail(error);
    }
  }

  #take = (data: Buffer): void => {
    this.#sizeBytes += data.length;
    if (this.#sizeBytes > this.#expectedBytes) {
      throw new S3Error("IncompleteBody", "The body is longer than its stated length.");
    }
    this.#hashes.md5.update(data);
    this.#hashes.sha256?.update(data);
    this.#hashes.checksum?.update(data);
    this.#waiting.push(data);
    this.#waitingBytes += data.length;
  };

  /** Writes what waits, if it is enough or the last. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (!this.#failure && this.#isWriteDue()) await this.#writeWaiting();
    } catch (error) {
      this.#failure = { error };
    }
    this.#isWriting = false;
    if (this.#failure || this.#hasEnded) this.#finish();
  }

  #isWriteDue(): boolean {
    const bytes = this.#waitingBytes;
    return bytes >= WRITE_BYTES || (this.#hasEnded && bytes > 0);
  }

  async #writeWaiting(): Promise<void> {
    const { request } = this.#context;
    const chunks = this.#waiting;
    const bytes = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#file.write(chunks, bytes, this.#writtenBytes);
    this.#writtenBytes += bytes;
    if (request.isPaused() && this.#waitingBytes < MAX_WAITING_BYTES / 2) request.resume();
    if (this.#writtenBytes < this.#nextSync) return;
    this.#nextSync = this.#writtenBytes + SYNC_BYTES;
    this.#syncing = Promise.all([this.#syncing, this.#file.sync()]).then(() => {});
    // #finish handles the error; until then it must not count as unhandled.
    this.#syncing.catch(() => {});
  }

  #fail = (error: unknown): void => {
    if (this.#failure) return;
    this.#failure = { error };
    // The caller closes the file, so a write in progress must end first.
    if (!this.#isWriting) this.#finish();
  };

  #finish(): void {
    const { request } = this.#context;
    request
      .off("data", this.#onData)
      .off("end", this.#onEnd)
      .off("close", this.#onClose)
      .off("error", this.#fail);
    request.socket.off("timeout", this.#onStall).setTimeout(0);
    // Reads and drops the rest of the body: a client that is still sending must receive the response.
    request.resume();
    const { resolve, reject } = this.#finished;
    const failure = this.#failure;
    const written = { sizeBytes: this.#sizeBytes, trailers: this.#trailers };
    this.#syncing.then(
      () => (failure ? reject(failure.error) : resolve(written)),
      (error: unknown) => reject(failure ? failure.error : error),
    );
  }
}

const incomplete = () =>
  new S3Error(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );

const stalled = () =>
  new S3Error(
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
  );
