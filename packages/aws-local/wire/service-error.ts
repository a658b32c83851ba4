/** Errors that a client receives, and how every other error becomes one. */
import { STORAGE_FULL } from "@rushes/core/full";
import { isDiskFull } from "../disk/full.ts";
import { DisconnectedError } from "./read-body.ts";
import { type SignatureCode, SignatureError } from "./signature-error.ts";

/** An error response: each service writes it in the form of its protocol. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
    this.status = status;
  }
}

/** The codes of one service for errors that are not its own. */
export interface ErrorCodes {
  signature(code: SignatureCode): string;
  tooLarge: { code: string; status: number };
  internal: string;
}

/** The codes of AWS's JSON protocols: https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html */
export const JSON_CODES: ErrorCodes = {
  signature: (code) => SIGNATURE_CODES[code] ?? "AccessDeniedException",
  tooLarge: { code: "RequestTooLargeException", status: 413 },
  internal: "InternalFailure",
};

const SIGNATURE_CODES: Partial<Record<SignatureCode, string>> = {
  SignatureDoesNotMatch: "InvalidSignatureException",
  InvalidAccessKeyId: "UnrecognizedClientException",
  InvalidToken: "UnrecognizedClientException",
  RequestTimeTooSkewed: "InvalidSignatureException",
  AuthorizationHeaderMalformed: "IncompleteSignatureException",
  AuthorizationQueryParametersError: "IncompleteSignatureException",
};

/** For a write that failed because the disk is full. */
export const storageFull = () =>
  new ServiceError(STORAGE_FULL.wireCode, STORAGE_FULL.message, STORAGE_FULL.status);

/** What the client receives for any error. A bug becomes an internal error; only `log` gets its stack. */
export function toServiceError(
  error: unknown,
  codes: ErrorCodes,
  log: (stack: string) => void,
): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof SignatureError) {
    return new ServiceError(codes.signature(error.code), error.message, 403);
  }
  if (isDiskFull(error)) return storageFull();
  if (error instanceof DisconnectedError) return new ServiceError(codes.internal, error.message);
  log(error instanceof Error ? (error.stack ?? String(error)) : String(error));
  return new ServiceError(codes.internal, "An internal error occurred. Try again.", 500);
}
