import type { Changes, Listed } from "@rushes/core/captions/schema";
import { call } from "../../lib/api-client/call.ts";

export type NewCaptions = { file: File; language: string; name: string };

export const list = (jobId: string, signal?: AbortSignal) =>
  call<{ captions: Listed[] }>(`/jobs/${jobId}/captions`, { signal });

/** Adds a file. Not with `call`, which sends JSON and is part of the first load of every page. */
export async function add(
  jobId: string,
  { file, language, name }: NewCaptions,
): Promise<{ captions: Listed }> {
  const query = new URLSearchParams({ language, ...(name ? { name } : {}) });
  const sent = fetch(`/api/jobs/${jobId}/captions?${query}`, {
    method: "POST",
    body: file,
    headers: { "content-type": "text/vtt" },
  });
  const response = await sent.catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  // The API returns the schemas of core, which its own tests verify.
  if (response?.ok && answer) return answer as { captions: Listed };
  throw new Error(answer?.message ?? "The server is not responding. Try again in a moment.");
}

export const update = (jobId: string, id: string, changes: Changes) =>
  call<{ captions: Listed }>(`/jobs/${jobId}/captions/${id}`, { method: "PATCH", body: changes });

export const remove = (jobId: string, id: string) =>
  call<void>(`/jobs/${jobId}/captions/${id}`, { method: "DELETE" });
