export type SignatureCode =
  /** The request is unsigned, the signature has expired, or an x-amz-* header is not signed. */
  | "AccessDenied"
  /** A token of temporary credentials; the local stack issues none. */
  | "InvalidToken"
  | "InvalidAccessKeyId"
  | "SignatureDoesNotMatch"
  /** Signed more than 15 minutes from now. */
  | "RequestTimeTooSkewed"
  | "AuthorizationHeaderMalformed"
  | "AuthorizationQueryParametersError"
  /** The signature is of version 2, or, for S3, the header x-amz-content-sha256 is missing. */
  | "InvalidRequest";

/** A rejected signature, with S3's codes; other services translate `code`. */
export class SignatureError extends Error {
  readonly code: SignatureCode;
  /** The region to sign for, if the request is signed for another one. Many S3 clients then sign again. */
  readonly region: string | undefined;

  constructor(code: SignatureCode, message: string, region?: string) {
    super(message);
    this.name = "SignatureError";
    this.code = code;
    this.region = region;
  }
}
