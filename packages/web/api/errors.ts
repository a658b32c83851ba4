import { type Code, type Kind, VisibleError } from "@rushes/core/error";
import { isStorageFull, STORAGE_FULL } from "@rushes/core/full";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

const STATUS: Readonly<Record<Kind, ContentfulStatusCode>> = {
  input: 400,
  auth: 401,
  forbidden: 403,
  not_found: 404,
  method: 405,
  conflict: 409,
  too_large: 413,
  rate: 429,
  full: STORAGE_FULL.status,
  unavailable: 503,
};
interface ErrorBody {
  code: Code;
  message: string;
}

const send = (c: Context, status: ContentfulStatusCode, body: ErrorBody) => c.json(body, status);

/** Turns an error of a route into a response: a visible error as it is, anything else as a 500 without details. */
export function onError(error: unknown, c: Context): Response {
  if (error instanceof VisibleError) {
    const { retryAfterSeconds } = error;
    if (retryAfterSeconds !== undefined) c.header("retry-after", String(retryAfterSeconds));
    // HTTP requires this header on every 401. Browsers open no dialog for this scheme.
    if (error.code === "actor.required") c.header("www-authenticate", "Bearer");
    return send(c, STATUS[error.kind], { code: error.code, message: error.message });
  }
  // Hono's error for a body that is not JSON.
  if (error instanceof HTTPException && error.status < 500) {
    const message = "The body is not valid JSON.";
    return send(c, 400, { code: "request.invalid", message });
  }
  if (isStorageFull(error)) {
    const { status, code, message } = STORAGE_FULL;
    process.stderr.write(`${c.req.method} ${loggable(c.req.path)} found a full disk.\n`);
    return send(c, status, { code, message });
  }
  // Only the path, because a query may contain a search.
  process.stderr.write(`${c.req.method} ${loggable(c.req.path)} failed: ${describe(error)}\n`);
  if (isUnreachable(error)) {
    const message = "A service that Rushes needs is not responding. Try again in a moment.";
    return send(c, 503, { code: "service.unavailable", message });
  }
  const message = "Something went wrong on the server. Try again. The server log has the details.";
  return send(c, 500, { code: "internal", message });
}

/** A log reader must not get a link that opens a video. */
const loggable = (path: string) => path.replace(/^(\/api\/watch\/)[^/]+/, "$1…");

const describe = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** A connection error of S3, DynamoDB or MediaConvert, as Node names it. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND"].includes(code) ||
    error.name === "TimeoutError"
  );
}
