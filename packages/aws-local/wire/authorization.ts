/** Reads the parts of a signature out of the Authorization header, or out of a presigned URL's query. */
import { type ParsedMessage, type Query, queryValue } from "./canonical-request.ts";
import { SignatureError } from "./signature-error.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

export interface Authorization {
  by: "header" | "query";
  accessKeyId: string;
  scope: string;
  signedHeaders: string[];
  signature: string;
  /** `YYYYMMDDTHHMMSSZ` */
  time: string;
}

export const malformed = (by: Authorization["by"], message: string, region?: string) =>
  new SignatureError(
    by === "header" ? "AuthorizationHeaderMalformed" : "AuthorizationQueryParametersError",
    message,
    region,
  );

/** @throws SignatureError AccessDenied if the request is unsigned, others if its signature is malformed */
export function readAuthorization({ headers, query }: ParsedMessage): Authorization {
  const header = headers.get("authorization");
  const hasSignature = queryValue(query, "X-Amz-Signature") !== undefined;
  if (header !== undefined && hasSignature) {
    throw malformed(
      "header",
      "Only one of the Authorization header and the signed query is allowed.",
    );
  }
  if (header?.startsWith("AWS ") || queryValue(query, "AWSAccessKeyId") !== undefined) {
    throw new SignatureError(
      "InvalidRequest",
      "Signature Version 2 is not supported. Sign the request with Signature Version 4 (AWS4-HMAC-SHA256).",
    );
  }
  if (header !== undefined) return fromHeader(header, headers.get("x-amz-date") ?? "");
  if (hasSignature || queryValue(query, "X-Amz-Algorithm") !== undefined) return fromQuery(query);
  throw new SignatureError("AccessDenied", "Access Denied");
}

function fromHeader(header: string, time: string): Authorization {
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+?)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) throw malformed("header", "The authorization header is malformed.");
  const [, accessKeyId = "", scope = "", signed = "", signature = ""] = match;
  return { by: "header", accessKeyId, scope, signedHeaders: signed.split(";"), signature, time };
}

function fromQuery(query: Query): Authorization {
  const read = (name: string) => {
    const value = queryValue(query, name);
    if (!value) throw malformed("query", `The query parameter ${name} is missing.`);
    return value;
  };
  if (read("X-Amz-Algorithm") !== ALGORITHM) {
    throw malformed("query", `X-Amz-Algorithm only supports "${ALGORITHM}".`);
  }
  const [accessKeyId = "", ...scope] = read("X-Amz-Credential").split("/");
  return {
    by: "query",
    accessKeyId,
    scope: scope.join("/"),
    signedHeaders: read("X-Amz-SignedHeaders").split(";"),
    signature: read("X-Amz-Signature"),
    time: read("X-Amz-Date"),
  };
}
