import { document } from "../s3/xml.ts";

/** CloudFront's error codes. */
type CloudFrontCode =
  /** The request is unsigned, or names no key. */
  | "MissingKey"
  /** The key is not trusted. */
  | "InvalidKey"
  | "MalformedPolicy"
  | "MalformedSignature"
  /** The request does not match its signature, is outside its policy, or has another method than GET and HEAD. */
  | "AccessDenied";

/** A rejected request; the status is always 403. */
export class CloudFrontError extends Error {
  readonly code: CloudFrontCode;

  constructor(code: CloudFrontCode, message: string) {
    super(message);
    this.name = "CloudFrontError";
    this.code = code;
  }
}

/** CloudFront's error document. */
export const errorXml = ({ code, message }: CloudFrontError): string =>
  document("Error", { Code: code, Message: message }, false);
