import { resultOf, type WatchResult } from "./watch-result.ts";

/** Requests a shared video, anonymously: it sends no cookie. Rejects only if the signal aborts. */
export async function open(
  address: string,
  body: { password?: string; pass?: string },
  signal: AbortSignal,
): Promise<WatchResult> {
  try {
    const response = await fetch(`/api/watch/${encodeURIComponent(address)}`, {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    return await resultOf(response);
  } catch (error) {
    signal.throwIfAborted();
    // No response (a TypeError), or none of the API's (invalid JSON): both mean the same to a visitor.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return {
      type: "rejected",
      status: 0,
      message: "The server does not respond. Try again in a moment.",
    };
  }
}
