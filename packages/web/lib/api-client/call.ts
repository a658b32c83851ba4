import { STORAGE_FULL } from "@rushes/core/full";
import { session } from "../session/session.ts";

/** An answer that is not the one hoped for. `message` is a sentence that a person may read. */
export class RequestError extends Error {
  /** Of HTTP; 0 where there was no answer at all. */
  readonly status: number;
  /** Out of core's list, or one of ours: "unreachable", "unknown", "session.other". */
  readonly code: string;
  /** The header of that name, as it came. */
  readonly retryAfter: string | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** True for the answer that nobody is signed in: not a failure of what was asked, it only has to wait. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof RequestError && error.code === "actor.required";
}

/** True for what will be refused as it was, however often it is asked. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof RequestError) || isSignedOut(error)) return false;
  // A disk gets no space by being asked again at once.
  if (error.code === STORAGE_FULL.code) return true;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

/** True for what only an admin may see. */
export function isForAdmins(error: unknown): boolean {
  return error instanceof RequestError && error.code === "actor.admin";
}

/** True for what does not exist, or belongs to somebody else. */
export function isMissing(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404;
}

type Init = {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Asked whoever is signed in: for the question who that is. */
  anyone?: boolean;
};

/** Calls our own API, `path` without its `/api`. Rejects with a `RequestError`, or the signal's reason. */
export async function call<T>(path: string, init: Init = {}): Promise<T> {
  const { method = "GET", body, signal, anyone = false } = init;
  const epoch = session.epoch();
  if (!anyone && session.current().type === "other") throw otherUser();
  const asked = fetch(`/api${path}`, {
    method,
    signal: signal ?? null,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...init.headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  try {
    const response = await asked;
    if (!response.ok) throw await refusal(response);
    const text = await response.text();
    // The API speaks the schemas of core; its own tests hold it to them.
    return (text === "" ? undefined : JSON.parse(text)) as T;
  } catch (error) {
    signal?.throwIfAborted();
    if (isSignedOut(error)) session.unauthorized(epoch);
    // fetch rejects with a TypeError where there was no answer, in words that help nobody.
    if (!(error instanceof TypeError)) throw error;
    throw new RequestError(0, "unreachable", "The server is not responding. Is it running?");
  }
}

/** What this page would ask for is not that person's: better nothing than the wrong thing. */
function otherUser(): RequestError {
  const message = "Another user is signed in with this browser now. Reload the page to continue.";
  return new RequestError(401, "session.other", message);
}

async function refusal(response: Response): Promise<RequestError> {
  const said: unknown = await response.json().catch(() => undefined);
  const body = typeof said === "object" ? said : {};
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
