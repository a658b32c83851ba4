/**
 * The signatures of an aws-chunked body: each chunk's signature covers the one before it, beginning with the
 * request's. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
import { hmacHex, type SigningKey, sha256Hex } from "./signing-key.ts";

const EMPTY_SHA256 = sha256Hex("");

/** What the chain starts from: the request's signature, and what made it. */
export interface ChainSeed {
  signature: string;
  key: SigningKey;
  time: string;
  scope: string;
}

export class ChunkChain {
  readonly #seed: ChainSeed;
  #previous: string;

  constructor(seed: ChainSeed) {
    this.#seed = seed;
    this.#previous = seed.signature;
  }

  /** The signature that the next chunk must carry. */
  signChunk(sha256: string): string {
    this.#previous = this.#sign("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, sha256);
    return this.#previous;
  }

  /** The signature that the trailers must carry, after the last chunk. */
  signTrailers(canonical: string): string {
    return this.#sign("AWS4-HMAC-SHA256-TRAILER", sha256Hex(canonical));
  }

  #sign(kind: string, ...hashes: string[]): string {
    const { key, time, scope } = this.#seed;
    return hmacHex(key, [kind, time, scope, this.#previous, ...hashes].join("\n"));
  }
}
