import type { Opened } from "@rushes/core/share/schema";
import type { WatchResult } from "./watch-state.ts";

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
    const answer: unknown = await response.json();
    // The API returns core's schemas, which its own tests verify.
    if (response.ok) return { type: "opened", video: answer as Opened };
    return { type: "rejected", status: response.status, message: sentence(answer) };
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

function sentence(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "message" in answer)
    return String(answer.message);
  return "Something went wrong. Try again in a moment.";
}
