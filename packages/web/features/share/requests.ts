import type { Info, New } from "@rushes/core/share/schema";
import { call } from "../../lib/api-client/call.ts";

export const list = (jobId: string, signal?: AbortSignal) =>
  call<{ shares: Info[] }>(`/jobs/${jobId}/shares`, { signal });

export const create = (jobId: string, body: New) =>
  call<{ share: Info }>(`/jobs/${jobId}/shares`, { method: "POST", body });

export const remove = (id: string) => call<void>(`/shares/${id}`, { method: "DELETE" });
