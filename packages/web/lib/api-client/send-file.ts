type Request = { method: "POST" | "PUT"; file: Blob; type: string };

/**
 * Sends a file to the API as the body of a request. `path` has no `/api`. Rejects with a sentence for the user. Apart from
 * `call`, which sends JSON and is part of the first load of every page.
 */
export async function sendFile<T>(path: string, { method, file, type }: Request): Promise<T> {
  const sent = fetch(`/api${path}`, { method, body: file, headers: { "content-type": type } });
  const response = await sent.catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  // The API returns the schemas of core, which its own tests verify.
  if (response?.ok && answer) return answer as T;
  throw new Error(answer?.message ?? "The server is not responding. Try again in a moment.");
}
