import { STORAGE_FULL } from "@rushes/core/full";
import { session } from "../session/session.ts";

/** A failed request. `message` is a sentence for the user. */
export class RequestError extends Error {
  /** The HTTP status. 0 if there was no response. */
  readonly status: number;
  /** A code from core, or "unreachable", "unknown" or "session.other". */
  readonly code: string;
  /** The Retry-After header. */
  readonly retryAfter: string | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** True if nobody is signed in. The request has not failed: it can be sent again after a sign-in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof RequestError && error.code === "actor.required";
}

/** True if a retry cannot succeed. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof RequestError) || isSignedOut(error)) return false;
  // An immediate retry does not free disk space.
  if (error.code === STORAGE_FULL.code) return true;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

/** True if the resource does not exist or belongs to another user. */
export function isMissing(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}

type Init = {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  keepalive?: boolean;
  /** Sends the request for any user, to find out who is signed in. */
  anyone?: boolean;
};

/** Calls the API. `path` has no `/api`. Rejects with a `RequestError`, or the signal's reason. */
export async function call<T>(path: string, init: Init = {}): Promise<T> {
  const { method = "GET", body, signal, keepalive = false, anyone = false } = init;
  const epoch = session.epoch();
  if (!anyone && session.current().type === "other") throw otherUser();
  const sent = fetch(`/api${path}`, {
    method,
    signal: signal ?? null,
    keepalive,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...init.headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  try {
    const response = await sent;
    if (!response.ok) throw await errorOf(response);
    const text = await response.text();
    // The API returns the schemas of core, which its own tests verify.
    return (text === "" ? undefined : JSON.parse(text)) as T;
  } catch (error) {
    signal?.throwIfAborted();
    if (isSignedOut(error)) session.unauthorized(epoch);
    // fetch rejects with a TypeError if there was no response. Its message does not help the user.
    if (!(error instanceof TypeError)) throw error;
    throw new RequestError(0, "unreachable", "The server is not responding. Is it running?");
  }
}

/** This page belongs to another user than the session, so it sends no requests. */
function otherUser(): RequestError {
  const message = "Another user is signed in with this browser now. Reload the page to continue.";
  return new RequestError(401, "session.other", message);
}

async function errorOf(response: Response): Promise<RequestError> {
  const json: unknown = await response.json().catch(() => undefined);
  const body = typeof json === "object" ? json : {};
  const { code, message } = { code: undefined, message: undefined, ...body };
  return new RequestError(
    response.status,
    typeof code === "string" ? code : "unknown",
    typeof message === "string"
      ? message
      : `The server answered ${response.status}. Try again in a moment.`,
    response.headers.get("retry-after") ?? undefined,
  );
}
