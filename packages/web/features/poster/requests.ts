import type { Listed } from "@rushes/core/job/schema";
import { call } from "../../lib/api-client/call.ts";
import { sendFile } from "../../lib/api-client/send-file.ts";

/** Makes a JPEG the poster. */
export const choose = (jobId: string, file: Blob) =>
  sendFile<{ job: Listed }>(`/jobs/${jobId}/poster`, { method: "PUT", file, type: "image/jpeg" });

export const reset = (jobId: string) =>
  call<{ job: Listed }>(`/jobs/${jobId}/poster`, { method: "DELETE" });
