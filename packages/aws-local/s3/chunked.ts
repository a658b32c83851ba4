/**
 * Removes the aws-chunked framing from a body: `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, a chunk of
 * size zero, then trailers. The data is passed on in slices of the input, without copying.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
import { createHash } from "node:crypto";
import { type ChainSeed, ChunkChain } from "../wire/chunk-chain.ts";
import { isSameSignature } from "../wire/signing-key.ts";
import { S3Error } from "./errors.ts";

/** A size line carries at most a hex size and a signature, a trailer one checksum. */
const MAX_LINE_BYTES = 1024;
const MAX_TRAILERS = 16;

type State = "size" | "data" | "data-end" | "trailer" | "done";

export class ChunkedDecoder {
  readonly #chain: ChunkChain | undefined;
  readonly #hasSignedTrailers: boolean;
  readonly #trailers = new Map<string, string>();
  #state: State = "size";
  #line = "";
  /** Bytes of the current chunk that are still to come. */
  #left = 0;
  #claimedSignature = "";
  #hash = createHash("sha256");

  /** With a seed, every chunk (and with `hasSignedTrailers` the trailers) must carry the right signature. */
  constructor(seed?: ChainSeed, hasSignedTrailers = false) {
    this.#chain = seed && new ChunkChain(seed);
    this.#hasSignedTrailers = hasSignedTrailers;
  }

  /** Decodes received bytes and passes their data to `onData`. @throws S3Error */
  push(bytes: Buffer, onData: (data: Buffer) => void): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "done") {
        throw invalid("There are bytes after the end of the aws-chunked body.");
      }
      if (this.#state !== "data") {
        at = this.#takeLine(bytes, at);
        continue;
      }
      const data = bytes.subarray(at, at + this.#left);
      at += data.length;
      this.#left -= data.length;
      if (this.#chain) this.#hash.update(data);
      onData(data);
      if (this.#left > 0) continue;
      this.#endChunk();
      this.#state = "data-end";
    }
  }

  /** Call after the last byte. Returns the trailers by lower-case name. @throws S3Error IncompleteBody */
  end(): Map<string, string> {
    if (this.#state === "done") return this.#trailers;
    throw new S3Error(
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header",
    );
  }

  /** Collects a line that may arrive in pieces. Returns the offset after the bytes that it took. */
  #takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end + 1;
    this.#line += bytes.toString("latin1", from, to);
    if (this.#line.length > MAX_LINE_BYTES) {
      throw invalid("A line of the aws-chunked body is too long.");
    }
    if (end < 0) return to;
    const line = this.#line;
    this.#line = "";
    if (!line.endsWith("\r\n")) {
      throw invalid("A line of the aws-chunked body does not end in CRLF.");
    }
    this.#onLine(line.slice(0, -2));
    return to;
  }

  #onLine(text: string): void {
    if (this.#state === "size") this.#onSize(text);
    else if (this.#state === "trailer") this.#onTrailer(text);
    else if (text === "") this.#state = "size";
    else throw invalid("A chunk is longer than its size line says.");
  }

  #onSize(text: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text);
    if (!match || (this.#chain && !match[2])) {
      throw invalid("A chunk of the aws-chunked body has no valid size line.");
    }
    this.#left = Number.parseInt(match[1] ?? "", 16);
    this.#claimedSignature = match[2] ?? "";
    this.#state = this.#left === 0 ? "trailer" : "data";
    if (this.#left === 0) this.#endChunk();
  }

  #endChunk(): void {
    if (!this.#chain) return;
    const signature = this.#chain.signChunk(this.#hash.digest("hex"));
    if (!isSameSignature(signature, this.#claimedSignature)) throw mismatch();
    this.#hash = createHash("sha256");
  }

  #onTrailer(text: string): void {
    if (text === "") {
      this.#state = "done";
      this.#checkTrailers();
      return;
    }
    const colon = text.indexOf(":");
    if (colon < 1 || this.#trailers.size >= MAX_TRAILERS) throw malformedTrailer();
    this.#trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }

  #checkTrailers(): void {
    if (!this.#chain || !this.#hasSignedTrailers) return;
    const claimed = this.#trailers.get("x-amz-trailer-signature");
    this.#trailers.delete("x-amz-trailer-signature");
    const canonical = [...this.#trailers]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}:${value}\n`)
      .join("");
    if (!claimed || !isSameSignature(this.#chain.signTrailers(canonical), claimed)) {
      throw mismatch();
    }
  }
}

const invalid = (message: string) => new S3Error("InvalidRequest", message);
const mismatch = () =>
  new S3Error(
    "SignatureDoesNotMatch",
    "The signature of a chunk or of the trailer does not match the signature we calculated.",
  );
const malformedTrailer = () =>
  new S3Error(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed.",
  );
