/** Handles one request: verifies the signature, runs the operation, and sends errors as S3 does. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isDiskFull } from "../disk/full.ts";
import { DisconnectedError } from "../wire/read-body.ts";
import { readSigned, verifySigned } from "../wire/signature.ts";
import { SignatureError } from "../wire/signature-error.ts";
import { diskFull } from "./blobs.ts";
import type { S3Options } from "./config.ts";
import type { Context, ReadContext, Services } from "./context.ts";
import { allowOrigin, preflight } from "./cors.ts";
import { S3Error } from "./errors.ts";
import { getObject } from "./read.ts";
import { route } from "./route.ts";
import { objectName } from "./store.ts";
import { parseTarget } from "./target.ts";
import { document } from "./xml.ts";

type Log = S3Options["onLog"];

export async function handleRequest(
  services: Services,
  options: Pick<S3Options, "region" | "credentials" | "findAccessKey" | "onLog">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = setRequestId(response);
  let mayContinue = request.headers.expect?.toLowerCase() !== "100-continue";
  const sendContinue = () => {
    if (!mayContinue) response.writeContinue();
    mayContinue = true;
  };
  try {
    const { bucket, key, query } = parseTarget(request.url ?? "/");
    const config = services.buckets.find(({ name }) => name === bucket);
    allowOrigin(request, response, config);
    if (request.method === "OPTIONS") {
      preflight(request, response, config);
      return;
    }
    rejectForm(request);
    const signer = await verify(request, options);
    await route({ ...services, request, response, ...signer, query, sendContinue }, bucket, key);
  } catch (error) {
    // The client has not sent its body, so the connection cannot carry another request.
    if (!mayContinue) response.setHeader("connection", "close");
    sendError(request, response, toS3Error(error, requestId, options.onLog), requestId);
  }
}

/** A browser's form (POST policy) has its signature in the body, so it would look like an unsigned request. */
function rejectForm({ method, headers }: IncomingMessage): void {
  if (method !== "POST" || !/^multipart\/form-data\b/i.test(headers["content-type"] ?? "")) return;
  throw new S3Error("NotImplemented", "Forms are not implemented. Use a presigned PUT.");
}

/** Verifies the signature with the stack's own key, or with the key of a person that the request names. */
async function verify(
  request: IncomingMessage,
  { region, credentials, findAccessKey }: Parameters<typeof handleRequest>[1],
): Promise<Pick<Context, "verified" | "accessKey">> {
  const signed = readSigned(request);
  const { accessKeyId } = signed.authorization;
  const isOwn = accessKeyId === credentials.accessKeyId;
  const accessKey = isOwn ? undefined : await findAccessKey?.(accessKeyId);
  const signer = accessKey ? { accessKeyId, ...accessKey } : credentials;
  const verified = verifySigned(signed, { service: "s3", region, credentials: signer });
  return { verified, accessKey };
}

export type ObjectRead = Pick<ReadContext, "query"> & {
  bucket: string;
  /** The first one that exists is served. */
  keys: [string, ...string[]];
};

/** Serves a GET or HEAD that the caller has authorized. A missing object is AccessDenied. */
export async function serveObject(
  services: Services,
  onLog: Log,
  request: IncomingMessage,
  response: ServerResponse,
  { bucket: bucketName, keys, query }: ObjectRead,
): Promise<void> {
  const requestId = setRequestId(response);
  try {
    const bucket = services.buckets.find(({ name }) => name === bucketName);
    if (!bucket) throw new Error(`There is no bucket ${bucketName}.`);
    const key = await existing(services, bucketName, keys);
    await getObject({ ...services, key, query, request, response, bucket });
  } catch (error) {
    const failure = toS3Error(error, requestId, onLog);
    const isMissing = failure.code === "NoSuchKey";
    const visible = isMissing ? new S3Error("AccessDenied", "Access Denied") : failure;
    sendError(request, response, visible, requestId);
  }
}

/** The first of these keys that has an object. The first one if none has. */
async function existing(
  { store }: Services,
  bucket: string,
  keys: ObjectRead["keys"],
): Promise<string> {
  for (const key of keys) if (await store.get("object", objectName(bucket, key))) return key;
  return keys[0];
}

function setRequestId(response: ServerResponse): string {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  response.setHeader("x-amz-request-id", requestId);
  return requestId;
}

/** The error that the client receives. A bug becomes InternalError; only the log gets its stack. */
function toS3Error(error: unknown, requestId: string, onLog: Log): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof SignatureError) {
    const { code, message, region } = error;
    return new S3Error(code, message, region === undefined ? {} : { Region: region });
  }
  if (isDiskFull(error)) return diskFull();
  if (error instanceof DisconnectedError) return new S3Error("IncompleteBody", error.message);
  onLog?.(`S3 request ${requestId} failed: ${error instanceof Error ? error.stack : error}`);
  return new S3Error("InternalError", "We encountered an internal error. Please try again.");
}

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  { code, message, status, detail, headers }: S3Error,
  RequestId: string,
): void {
  if (response.headersSent) {
    // A part of the object is sent: only a broken connection reports that the rest is missing.
    response.destroy();
    return;
  }
  const Resource = request.url?.split("?")[0];
  const content = { Code: code, Message: message, ...detail, Resource, RequestId };
  const body = Buffer.from(document("Error", content, false));
  response.writeHead(status, {
    ...headers,
    "content-type": "application/xml",
    "content-length": body.length,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
