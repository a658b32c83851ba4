import createClient, { type Client as ApiClient } from "openapi-fetch";
import type { paths } from "./api.ts";
import { ClientError } from "./error.ts";

/** Every route of the API, with its types: `client.GET("/api/jobs", …)`. */
export type Client = ApiClient<paths>;

/** A lost network returns no error. */
const TIMEOUT_MS = 60_000;
/** Statuses whose responses have no body. */
const EMPTY = new Set([204, 205, 304]);

/**
 * A client for the Rushes at `url`.
 *
 * @param token an API token. A server without sign-in needs none
 */
export function connect({ url, token }: { url: string; token?: string | undefined }): Client {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl: new URL(url).origin, headers, fetch: send });
}

/** Reads the whole response, so that a connection that breaks later has the same error. */
async function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(request, { signal });
    const { status, headers } = response;
    const body = await response.text();
    return new Response(EMPTY.has(status) ? null : body, { status, headers });
  } catch {
    request.signal.throwIfAborted();
    const { origin } = new URL(request.url);
    throw new ClientError(
      "unreachable",
      `${origin} does not respond. Check the address, and that Rushes is running there.`,
    );
  }
}

type ApiResult<T> = { data?: T; error?: unknown; response: Response };

/** The body of a response. Throws a `ClientError` for a failed request. */
export async function answer<T>(pending: Promise<ApiResult<T>>): Promise<T> {
  const { data, error, response } = await pending.catch((cause: unknown) => {
    if (cause instanceof SyntaxError) throw notRushes();
    throw cause;
  });
  // A response without a body has the type `undefined`.
  if (response.ok) return data as T;
  throw errorOf(response, error);
}

function errorOf(response: Response, body: unknown): ClientError {
  const { code, message } = { code: undefined, message: undefined, ...asObject(body) };
  if (typeof code !== "string" || typeof message !== "string") return notRushes(response.status);
  const retryAfter = response.headers.get("retry-after") ?? undefined;
  return new ClientError(code, message, response.status, retryAfter);
}

const asObject = (value: unknown) => (typeof value === "object" && value !== null ? value : {});

/** A proxy may send such a response in an outage, so the status matters. */
function notRushes(status = 0): ClientError {
  const message =
    status >= 500
      ? `The server responded with the status ${status}. Try again in a moment.`
      : "The server's response is not from Rushes. Check the address.";
  return new ClientError("not_rushes", message, status);
}
