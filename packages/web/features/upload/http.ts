import { call, RequestError } from "../../lib/api-client/call.ts";
import { apiOutcome } from "./outcome.ts";
import type { UploadApi } from "./ports.ts";
import { UploadError } from "./upload-error.ts";

/** A network that went away without a word never answers; browsers themselves wait for minutes. */
const TIMEOUT_MS = 60_000;

type Init = NonNullable<Parameters<typeof call>[1]>;

/** Calls our own API; what it refuses becomes what that means for the file. */
async function ask<T>(path: string, init: Init): Promise<T> {
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

/** The engine's view of `/api/uploads`. */
export const api: UploadApi = {
  create: async (files, idempotencyKey, signal) => {
    const answer = await ask<{ results: Results }>("", {
      method: "POST",
      body: { files },
      headers: { "idempotency-key": idempotencyKey },
      signal,
    });
    return answer.results;
  },
  sign: async (id, partNumbers, signal) => {
    type Answer = { requests: Awaited<ReturnType<UploadApi["sign"]>> };
    const body = partNumbers ? { partNumbers } : {};
    return (await ask<Answer>(`/${id}/sign`, { method: "POST", body, signal })).requests;
  },
  parts: async (id, signal) => {
    type Answer = { parts: Awaited<ReturnType<UploadApi["parts"]>> };
    return (await ask<Answer>(`/${id}/parts`, { method: "GET", signal })).parts;
  },
  complete: async (id, crc64nvme, signal) => {
    const body = crc64nvme === undefined ? {} : { crc64nvme };
    const init = { method: "POST" as const, body, signal };
    return (await ask<{ upload: Upload }>(`/${id}/complete`, init)).upload;
  },
  fromId: async (id, signal) =>
    (await ask<{ upload: Upload }>(`/${id}`, { method: "GET", signal })).upload,
  // `keepalive` is not needed: an upload that is not removed expires by itself.
  remove: async (id) => {
    await ask(`/${id}`, { method: "DELETE" });
  },
};
