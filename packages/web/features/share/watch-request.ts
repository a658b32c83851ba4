import type { Opened } from "@rushes/core/share/schema";
import type { Answer } from "./watch-state.ts";

/** Requests a shared video, anonymously: it sends no cookie. Rejects only if the signal aborts. */
export async function open(
  address: string,
  body: { password?: string; pass?: string },
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(`/api/watch/${encodeURIComponent(address)}`, {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    const said: unknown = await response.json();
    // The API returns core's schemas, which its own tests verify.
    if (response.ok) return { type: "opened", video: said as Opened };
    return { type: "refused", status: response.status, message: sentence(said) };
  } catch (error) {
    signal.throwIfAborted();
    // No response (a TypeError), or none of the API's (invalid JSON): both mean the same to a visitor.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return {
      type: "refused",
      status: 0,
      message: "The server does not respond. Try again in a moment.",
    };
  }
}

function sentence(said: unknown): string {
  if (typeof said === "object" && said !== null && "message" in said) return String(said.message);
  return "Something went wrong. Try again in a moment.";
}
