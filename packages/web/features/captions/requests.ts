import type { Changes, Listed } from "@rushes/core/captions/schema";
import { call } from "../../lib/api-client/call.ts";
import { sendFile } from "../../lib/api-client/send-file.ts";

export type NewCaptions = { file: File; language: string; name: string };

export const list = (jobId: string, signal?: AbortSignal) =>
  call<{ captions: Listed[] }>(`/jobs/${jobId}/captions`, { signal });

export function add(jobId: string, { file, language, name }: NewCaptions) {
  const query = new URLSearchParams({ language, ...(name ? { name } : {}) });
  const path = `/jobs/${jobId}/captions?${query}`;
  return sendFile<{ captions: Listed }>(path, { method: "POST", file, type: "text/vtt" });
}

export const update = (jobId: string, id: string, changes: Changes) =>
  call<{ captions: Listed }>(`/jobs/${jobId}/captions/${id}`, { method: "PATCH", body: changes });

export const remove = (jobId: string, id: string) =>
  call<void>(`/jobs/${jobId}/captions/${id}`, { method: "DELETE" });
