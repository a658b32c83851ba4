import type { Opened } from "@rushes/core/share/schema";

/** The API's answer to a visitor. */
export type WatchResult =
  | { type: "opened"; video: Opened }
  | { type: "rejected"; status: number; message: string };

/** Reads a response of the API. Rejects with a SyntaxError if its body is not JSON. */
export async function resultOf(response: Response): Promise<WatchResult> {
  const answer: unknown = await response.json();
  // The API returns core's schemas, which its own tests verify.
  if (response.ok) return { type: "opened", video: answer as Opened };
  return { type: "rejected", status: response.status, message: sentence(answer) };
}

function sentence(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "message" in answer)
    return String(answer.message);
  return "Something went wrong. Try again in a moment.";
}
