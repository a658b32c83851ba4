import { apiOutcome } from "@rushes/core/transfer/outcome";
import { toSign } from "@rushes/core/transfer/part";
import type { UploadApi } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { call, RequestError } from "../../lib/api-client/call.ts";

/** A lost network returns no error, and browsers wait for minutes. */
const TIMEOUT_MS = 60_000;

type Init = NonNullable<Parameters<typeof call>[1]>;

/** Calls the API, and turns its errors into outcomes for the file. */
async function request<T>(path: string, init: Init): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  try {
    return await call<T>(`/uploads${path}`, { ...init, signal });
  } catch (error) {
    init.signal?.throwIfAborted();
    if (timeout.aborted) throw new UploadError({ type: "retry" });
    if (error instanceof RequestError) throw new UploadError(apiOutcome(error, Date.now()));
    throw error;
  }
}

type Results = Awaited<ReturnType<UploadApi["create"]>>;
type Upload = Awaited<ReturnType<UploadApi["fromId"]>>;

type Page = { uploads: Upload[]; cursor?: string };

/** The routes of `/api/uploads` that the engine uses. */
export const api: UploadApi = {
  create: async (files, idempotencyKey, signal) => {
    const response = await request<{ results: Results }>("", {
      method: "POST",
      body: { files, checksums: true },
      headers: { "idempotency-key": idempotencyKey },
      signal,
    });
    return response.results;
  },
  openUploads: async (signal) => {
    const uploads: Upload[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ status: "open", ...(cursor && { cursor }) });
      const page = await request<Page>(`?${query}`, { method: "GET", signal });
      uploads.push(...page.uploads);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return uploads;
  },
  sign: async (id, parts, signal) => {
    type Response = { requests: Awaited<ReturnType<UploadApi["sign"]>> };
    const init = { method: "POST" as const, body: toSign(parts), signal };
    return (await request<Response>(`/${id}/sign`, init)).requests;
  },
  parts: async (id, signal) => {
    type Response = { parts: Awaited<ReturnType<UploadApi["parts"]>> };
    return (await request<Response>(`/${id}/parts`, { method: "GET", signal })).parts;
  },
  complete: async (id, crc64nvme, signal) => {
    const body = crc64nvme === undefined ? {} : { crc64nvme };
    const init = { method: "POST" as const, body, signal };
    return (await request<{ upload: Upload }>(`/${id}/complete`, init)).upload;
  },
  fromId: async (id, signal) =>
    (await request<{ upload: Upload }>(`/${id}`, { method: "GET", signal })).upload,
  // `keepalive` is not needed: an upload that is not removed expires by itself.
  remove: async (id) => {
    await request(`/${id}`, { method: "DELETE" });
  },
};
