/**
 * Verifies AWS Signature Version 4 for every local service. No library has the verifying side.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { ALGORITHM, type Authorization, malformed, readAuthorization } from "./authorization.ts";
import {
  canonicalRequest,
  type ParsedMessage,
  parseMessage,
  type Query,
  queryValue,
  type SignedMessage,
} from "./canonical-request.ts";
import type { ChainSeed } from "./chunk-chain.ts";
import { SignatureError } from "./signature-error.ts";
import {
  type Credentials,
  hmacHex,
  isSameSignature,
  sha256Hex,
  signingKey,
} from "./signing-key.ts";

export type { Credentials } from "./signing-key.ts";

interface VerifyOptions {
  /** The name in the credential scope: `s3`, `mediaconvert`, `ses`. */
  service: string;
  region: string;
  credentials: Credentials;
  /** The whole body; every service but S3 signs its hash without sending it. */
  body?: Uint8Array;
  /** Milliseconds since 1970. */
  now?: number;
}

export interface Verified {
  by: Authorization["by"];
  signedHeaders: ReadonlySet<string>;
  /** The signed hash of the body in hex, or one of S3's words such as `UNSIGNED-PAYLOAD`. */
  payloadHash: string;
  /** Where the signatures of an aws-chunked body continue. */
  chain: ChainSeed;
}

const SKEW_MS = 15 * 60_000;
/** Seven days, S3's limit for a presigned URL. */
const MAX_EXPIRES_SECONDS = 604_800;

/** A request and what it says about its signature, which is not verified. */
interface Signed {
  message: ParsedMessage;
  authorization: Authorization;
}

/** @throws SignatureError if the signature is missing, has expired, is not ours, or does not match the request */
export const verifySignature = (signed: SignedMessage, options: VerifyOptions): Verified =>
  verifySigned(readSigned(signed), options);

/** Reads which key signed a request, for a service that knows several. @throws SignatureError if it is not signed */
export function readSigned(signed: SignedMessage): Signed {
  const message = parseMessage(signed);
  return { message, authorization: readAuthorization(message) };
}

/** @throws SignatureError if the signature has expired, is not ours, or does not match the request */
export function verifySigned({ message, authorization }: Signed, options: VerifyOptions): Verified {
  const { service, region, credentials } = options;
  const { by, time, signedHeaders } = authorization;
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  if (authorization.scope !== scope) {
    const found = authorization.scope;
    const isRegion = found.split("/")[1] !== region;
    const message = `The credential's scope must be ${scope}; it is ${found}.`;
    throw malformed(by, message, isRegion ? region : undefined);
  }
  checkKey(authorization, message, credentials);
  checkTime(authorization, message.query, options.now ?? Date.now());
  checkSignedHeaders(authorization, message, service);
  const payloadHash = payloadHashOf(by, message, options);
  const canonical = canonicalRequest(message, { service, signedHeaders, payloadHash });
  const key = signingKey(credentials, { date, region, service });
  const signature = hmacHex(key, [ALGORITHM, time, scope, sha256Hex(canonical)].join("\n"));
  if (!isSameSignature(signature, authorization.signature)) {
    throw new SignatureError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  const chain = { signature, key, time, scope };
  return { by, signedHeaders: new Set(signedHeaders), payloadHash, chain };
}

function checkKey(
  { accessKeyId }: Authorization,
  { headers, query }: ParsedMessage,
  credentials: Credentials,
): void {
  if (accessKeyId !== credentials.accessKeyId) {
    throw new SignatureError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  }
  const inQuery = queryValue(query, "X-Amz-Security-Token") !== undefined;
  if (headers.has("x-amz-security-token") || inQuery) {
    throw new SignatureError(
      "InvalidToken",
      "The provided token is malformed or otherwise invalid.",
    );
  }
}

function checkTime({ by, time }: Authorization, query: Query, now: number): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (!match) {
    throw new SignatureError(
      "AccessDenied",
      "AWS authentication requires a valid Date or x-amz-date header",
    );
  }
  const [, year, month, day, hour, minute, second] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A function: an error's stack is costly, and most requests throw none.
  const skewed = () =>
    new SignatureError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  if (Number.isNaN(signedAt)) throw skewed();
  if (by === "query") checkExpiry(query, signedAt, now);
  else if (Math.abs(now - signedAt) > SKEW_MS) throw skewed();
}

/** Presigned URLs expire on their own. */
function checkExpiry(query: Query, signedAt: number, now: number): void {
  const text = queryValue(query, "X-Amz-Expires") ?? "";
  const expires = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (expires < 1 || expires > MAX_EXPIRES_SECONDS) {
    throw malformed("query", `X-Amz-Expires must be 1 to ${MAX_EXPIRES_SECONDS} seconds.`);
  }
  if (signedAt - now > SKEW_MS) {
    throw new SignatureError("AccessDenied", "Request is not yet valid");
  }
  if (now > signedAt + expires * 1000) {
    throw new SignatureError("AccessDenied", "Request has expired");
  }
}

/** The host must be signed, and for S3 every x-amz-* header, so that nobody can add one to a presigned URL. */
function checkSignedHeaders(
  { by, signedHeaders }: Authorization,
  { headers }: ParsedMessage,
  service: string,
): void {
  const sorted = signedHeaders.toSorted();
  if (sorted.some((name, at) => name !== signedHeaders[at] || name !== name.toLowerCase())) {
    throw malformed(by, "The signed headers must be lower-case and sorted.");
  }
  const mustBeSigned = (name: string) =>
    name === "host" || (service === "s3" && name.startsWith("x-amz-"));
  const signed = new Set(signedHeaders);
  const unsigned = [...headers.keys()].filter((name) => mustBeSigned(name) && !signed.has(name));
  if (unsigned.length > 0) {
    throw new SignatureError(
      "AccessDenied",
      `There were headers present in the request which were not signed: ${unsigned.join(", ")}`,
    );
  }
}

function payloadHashOf(
  by: Authorization["by"],
  { headers, query }: ParsedMessage,
  { service, body }: VerifyOptions,
): string {
  if (service !== "s3") return sha256Hex(body ?? "");
  const header = headers.get("x-amz-content-sha256");
  if (header !== undefined) return header;
  if (by === "query") return queryValue(query, "X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
  throw new SignatureError(
    "InvalidRequest",
    "Missing required header for this request: x-amz-content-sha256",
  );
}
