import type { Opened } from "@rushes/core/share/schema";
import type { Answer } from "./watch-state.ts";

/** Asks for a shared video. A visitor is nobody: no cookie goes along. Never rejects but for its signal. */
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
    // The API speaks the schemas of core; its own tests hold it to them.
    if (response.ok) return { type: "opened", video: said as Opened };
    return { type: "refused", status: response.status, message: sentence(said) };
  } catch (error) {
    signal.throwIfAborted();
    // No answer (a TypeError), or none of ours (no JSON): the same to whoever waits for a video.
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
