import { document } from "../s3/xml.ts";

/** CloudFront's words for a request that it does not let pass. */
export type DeniedCode =
  /** Not signed, or not by a key that is named. */
  | "MissingKey"
  /** Signed by a key that is not trusted. */
  | "InvalidKey"
  | "MalformedPolicy"
  | "MalformedSignature"
  /** Changed since it was signed, ended, not begun, not for this address; or a method that is not served. */
  | "AccessDenied";

/** A request without a good signature; all are answered with 403. */
export class Denied extends Error {
  readonly code: DeniedCode;

  constructor(code: DeniedCode, message: string) {
    super(message);
    this.name = "Denied";
    this.code = code;
  }
}

/** The document that CloudFront answers with. */
export const deniedXml = ({ code, message }: Denied): string =>
  document("Error", { Code: code, Message: message }, false);
