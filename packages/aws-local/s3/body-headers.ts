/** What a request's headers declare about its body. */
import {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  crcOf,
  headerOf,
  isCrc,
  isDigest,
} from "./checksum.ts";
import { type Context, parameter, parameters } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";

/** The maximum of one PUT or part: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_BODY_BYTES = 5 * 1024 ** 3;

export interface BodyHeaders {
  /** Of the data, without framing. */
  sizeBytes: number;
  framing: "plain" | "unsigned" | "signed" | "signed-trailer";
  /** Base64. */
  md5?: string;
  /** Hex. */
  sha256?: string;
  /** Without a value, it is in the trailer. */
  checksum?: { algorithm: Algorithm; header: string; value?: string };
}

const FRAMING: Record<string, BodyHeaders["framing"]> = {
  "UNSIGNED-PAYLOAD": "plain",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": "unsigned",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": "signed",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": "signed-trailer",
};

/** @throws S3Error if the headers are incomplete or contradict each other */
export function readBodyHeaders(context: Context): BodyHeaders {
  const { payloadHash } = context.verified;
  const sha256 = /^[0-9a-f]{64}$/.test(payloadHash) ? payloadHash : undefined;
  const framing = sha256 ? "plain" : FRAMING[payloadHash];
  if (!framing) {
    throw payloadHash.startsWith("STREAMING-")
      ? new S3Error("NotImplemented", `${payloadHash} is not implemented.`)
      : new S3Error(
          "InvalidArgument",
          "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-* or a valid sha256 value.",
        );
  }
  const sizeBytes = sizeOf(context, framing);
  return {
    sizeBytes,
    framing,
    md5: md5Of(context),
    sha256,
    checksum: readChecksum(context, sizeBytes),
  };
}

function sizeOf(context: Context, framing: BodyHeaders["framing"]): number {
  const text =
    framing === "plain"
      ? context.request.headers["content-length"]
      : parameter(context, "x-amz-decoded-content-length");
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  if (Number(text) > MAX_BODY_BYTES) {
    throw new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: text,
      MaxSizeAllowed: String(MAX_BODY_BYTES),
    });
  }
  return Number(text);
}

function md5Of(context: Context): string | undefined {
  const md5 = parameter(context, "content-md5");
  if (md5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(md5)) {
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  return md5;
}

function readChecksum(context: Context, sizeBytes: number): BodyHeaders["checksum"] {
  const given = ALGORITHMS.filter((is) => parameter(context, headerOf(is)) !== undefined);
  const trailer = parameter(context, "x-amz-trailer")?.trim().toLowerCase();
  const trailing = ALGORITHMS.find((is) => headerOf(is) === trailer);
  const declared = parameter(context, "x-amz-sdk-checksum-algorithm");
  if (given.length + (trailing ? 1 : 0) > 1) {
    throw new S3Error("InvalidRequest", "Expecting a single x-amz-checksum- header");
  }
  if (trailer !== undefined && !trailing) {
    throw new S3Error(
      "InvalidRequest",
      "The value specified in the x-amz-trailer header is not supported",
    );
  }
  rejectUnknown(context);
  const algorithm = given[0] ?? trailing;
  if (declared !== undefined && algorithm !== algorithmOf(declared)) {
    throw new S3Error(
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  if (!algorithm) return undefined;
  const header = headerOf(algorithm);
  const value = parameter(context, header);
  if (value !== undefined) assertPlausible(algorithm, value, sizeBytes);
  return { algorithm, header, value };
}

/** Of a checksum that is not compared, a client would think that it was. @throws S3Error NotImplemented */
function rejectUnknown(context: Context): void {
  const known = new Set([
    ...ALGORITHMS.map(headerOf),
    "x-amz-checksum-type",
    "x-amz-checksum-algorithm",
  ]);
  const unknown = parameters(context, "x-amz-checksum-").find(([name]) => !known.has(name));
  if (unknown) throw notImplemented(unknown[0]);
}

/** A client that presigns without WHEN_REQUIRED puts the checksum of an empty body into the URL. */
function assertPlausible(algorithm: Algorithm, value: string, sizeBytes: number): void {
  if (!isDigest(algorithm, value)) {
    throw new S3Error("InvalidRequest", `Value for ${headerOf(algorithm)} header is invalid.`);
  }
  if (sizeBytes > 0 && isCrc(algorithm) && value === crcOf(algorithm, Buffer.alloc(0))) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm} you specified is that of an empty body. Presign with requestChecksumCalculation WHEN_REQUIRED.`,
    );
  }
}
