/**
 * Takes the aws-chunked framing off a body: `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, a chunk of
 * size zero, then trailers. The data is handed on in slices of what came in, without copying.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
import { createHash } from "node:crypto";
import { hmacHex, sameSignature, sha256Hex, type Verified } from "../wire/signature.ts";
import { S3Error } from "./errors.ts";

/** A size line carries at most a hex size and a signature, a trailer one checksum. */
const MAX_LINE_BYTES = 1024;
const MAX_TRAILERS = 16;
const EMPTY_SHA256 = sha256Hex("");

type State = "size" | "data" | "data-end" | "trailer" | "done";

export interface Chunked {
  /** Takes bytes off the wire and gives the data in them to `onData`. @throws S3Error */
  push(bytes: Buffer, onData: (data: Buffer) => void): void;
  /** Call after the last byte. Returns the trailers by lower-case name. @throws S3Error IncompleteBody */
  end(): Map<string, string>;
}

/** With `chain`, every chunk (and with `signedTrailer` the trailer) must carry the right signature. */
export function createChunked(chain?: Verified["chain"], signedTrailer = false): Chunked {
  let state: State = "size";
  let line = "";
  let left = 0;
  let claimed = "";
  let previous = chain?.signature ?? "";
  let hash = createHash("sha256");
  const trailers = new Map<string, string>();

  const sign = (kind: string, ...rest: string[]) =>
    hmacHex(
      chain?.key ?? Buffer.alloc(0),
      [kind, chain?.time, chain?.scope, previous, ...rest].join("\n"),
    );

  function endChunk(): void {
    if (!chain) return;
    const signature = sign("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, hash.digest("hex"));
    if (!sameSignature(signature, claimed)) throw mismatch();
    previous = signature;
    hash = createHash("sha256");
  }

  function onSize(text: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text);
    if (!match || (chain && !match[2])) {
      throw new S3Error(
        "InvalidRequest",
        "A chunk of the aws-chunked body has no valid size line.",
      );
    }
    left = Number.parseInt(match[1] ?? "", 16);
    claimed = match[2] ?? "";
    state = left === 0 ? "trailer" : "data";
    if (left === 0) endChunk();
  }

  function onTrailer(text: string): void {
    if (text === "") {
      state = "done";
      checkTrailers();
      return;
    }
    const colon = text.indexOf(":");
    if (colon < 1 || trailers.size >= MAX_TRAILERS) throw malformedTrailer();
    trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }

  function checkTrailers(): void {
    if (!chain || !signedTrailer) return;
    const stated = trailers.get("x-amz-trailer-signature");
    trailers.delete("x-amz-trailer-signature");
    const canonical = [...trailers]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}:${value}\n`)
      .join("");
    if (!stated || !sameSignature(sign("AWS4-HMAC-SHA256-TRAILER", sha256Hex(canonical)), stated)) {
      throw mismatch();
    }
  }

  /** Collects a line that may come in pieces. Returns the offset behind what it took. */
  function takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end + 1;
    line += bytes.toString("latin1", from, to);
    if (line.length > MAX_LINE_BYTES) {
      throw new S3Error("InvalidRequest", "A line of the aws-chunked body is too long.");
    }
    if (end < 0) return to;
    const text = line;
    line = "";
    if (!text.endsWith("\r\n")) {
      throw new S3Error("InvalidRequest", "A line of the aws-chunked body does not end in CRLF.");
    }
    if (state === "size") onSize(text.slice(0, -2));
    else if (state === "trailer") onTrailer(text.slice(0, -2));
    else if (text !== "\r\n") {
      throw new S3Error("InvalidRequest", "A chunk is longer than its size line says.");
    } else state = "size";
    return to;
  }

  return {
    push(bytes, onData) {
      let at = 0;
      while (at < bytes.length) {
        if (state === "done") {
          throw new S3Error(
            "InvalidRequest",
            "There are bytes behind the end of the aws-chunked body.",
          );
        }
        if (state !== "data") {
          at = takeLine(bytes, at);
          continue;
        }
        const data = bytes.subarray(at, at + left);
        at += data.length;
        left -= data.length;
        if (chain) hash.update(data);
        onData(data);
        if (left > 0) continue;
        endChunk();
        state = "data-end";
      }
    },
    end() {
      if (state !== "done") {
        throw new S3Error(
          "IncompleteBody",
          "You did not provide the number of bytes specified by the Content-Length HTTP header",
        );
      }
      return trailers;
    },
  };
}

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
