import { apiOutcome } from "@rushes/core/transfer/outcome";
import { toSign } from "@rushes/core/transfer/part";
import type { UploadApi } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { call, RequestError } from "../../lib/api-client/call.ts";
import { allOpen, type Page } from "./all-open.ts";

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
    // Not JSON.
    if (error instanceof SyntaxError) throw new UploadError({ type: "retry" });
    throw error;
  }
}

/**
 * Calls the API and returns a field of the response. Without it, something else has answered, such as the sign-in page of
 * a network: then the request is repeated.
 */
async function field<T>(name: string, path: string, init: Init): Promise<T> {
  const response: unknown = await request(path, init);
  if (typeof response !== "object" || response === null || !(name in response)) {
    throw new UploadError({ type: "retry" });
  }
  // The API's tests verify its type.
  return Reflect.get(response, name) as T;
}

type Results = Awaited<ReturnType<UploadApi["create"]>>;
type Upload = Awaited<ReturnType<UploadApi["fromId"]>>;
type Parts = Awaited<ReturnType<UploadApi["parts"]>>;
type Requests = Awaited<ReturnType<UploadApi["sign"]>>;

/** The routes of `/api/uploads` that the engine uses. */
export const api: UploadApi = {
  create: (files, idempotencyKey, signal) =>
    field<Results>("results", "", {
      method: "POST",
      body: { files, checksums: true },
      headers: { "idempotency-key": idempotencyKey },
      signal,
    }),
  openUploads: (signal) =>
    allOpen(async (query) => {
      const page = await request<Page | undefined>(`?${query}`, { method: "GET", signal });
      if (!page || !Array.isArray(page.uploads)) throw new UploadError({ type: "retry" });
      return page;
    }),
  sign: (id, parts, signal) =>
    field<Requests>("requests", `/${id}/sign`, { method: "POST", body: toSign(parts), signal }),
  parts: (id, signal) => field<Parts>("parts", `/${id}/parts`, { method: "GET", signal }),
  complete: (id, crc64nvme, signal) => {
    const body = crc64nvme === undefined ? {} : { crc64nvme };
    return field<Upload>("upload", `/${id}/complete`, { method: "POST", body, signal });
  },
  fromId: (id, signal) => field<Upload>("upload", `/${id}`, { method: "GET", signal }),
  // `keepalive` is not needed: an upload that is not removed expires by itself.
  remove: async (id) => {
    await request(`/${id}`, { method: "DELETE" });
  },
};
