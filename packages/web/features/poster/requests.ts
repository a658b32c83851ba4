import type { Listed } from "@rushes/core/job/schema";
import { call } from "../../lib/api-client/call.ts";

/** Makes a JPEG the poster. Not with `call`, which sends JSON and is part of the first load of every page. */
export async function choose(jobId: string, file: Blob): Promise<{ job: Listed }> {
  const sent = fetch(`/api/jobs/${jobId}/poster`, {
    method: "PUT",
    body: file,
    headers: { "content-type": "image/jpeg" },
  });
  const response = await sent.catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  // The API returns the schemas of core, which its own tests verify.
  if (response?.ok && answer) return answer as { job: Listed };
  throw new Error(answer?.message ?? "The server is not responding. Try again in a moment.");
}

export const reset = (jobId: string) =>
  call<{ job: Listed }>(`/jobs/${jobId}/poster`, { method: "DELETE" });
