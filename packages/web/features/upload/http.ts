import { ofApi } from "./outcome.ts";
import type { UploadApi } from "./ports.ts";
import { Trouble } from "./problem.ts";

interface Call {
  method: "GET" | "POST" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
}

function errorOf(text: string): { code?: string; message?: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return {};
    const { code, message } = { code: undefined, message: undefined, ...body };
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    return {};
  }
}

/** Calls our own API and gives back the body of a good answer. */
async function request(path: string, { method, body, signal }: Call): Promise<string> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const json = body === undefined ? null : JSON.stringify(body);
  const asked = { method, headers, body: json, signal: signal ?? null };
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/api/uploads${path}`, asked);
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    // fetch rejects with a TypeError, and nothing else, where there was no answer.
    if (error instanceof TypeError) throw new Trouble({ type: "again" });
    throw error;
  }
  if (response.ok) return text;
  const retryAfter = response.headers.get("retry-after");
  const answer = { status: response.status, text, retryAfter, ...errorOf(text) };
  throw new Trouble(ofApi(answer, Date.now()));
}

/** The bodies are what the shared schemas say: the server made them by those, here they are trusted. */
async function call<T>(path: string, asked: Call): Promise<T> {
  return JSON.parse(await request(path, asked));
}

type Results = Awaited<ReturnType<UploadApi["create"]>>;
type Upload = Awaited<ReturnType<UploadApi["fromId"]>>;

/** The engine's view of `/api/uploads`. */
export const api: UploadApi = {
  create: async (files, signal) => {
    const answer = await call<{ results: Results }>("", {
      method: "POST",
      body: { files },
      signal,
    });
    return answer.results;
  },
  sign: async (id, partNumbers, signal) => {
    type Answer = { requests: Awaited<ReturnType<UploadApi["sign"]>> };
    const body = partNumbers ? { partNumbers } : {};
    return (await call<Answer>(`/${id}/sign`, { method: "POST", body, signal })).requests;
  },
  parts: async (id, signal) => {
    type Answer = { parts: Awaited<ReturnType<UploadApi["parts"]>> };
    return (await call<Answer>(`/${id}/parts`, { method: "GET", signal })).parts;
  },
  complete: async (id, signal) =>
    (await call<{ upload: Upload }>(`/${id}/complete`, { method: "POST", signal })).upload,
  fromId: async (id, signal) =>
    (await call<{ upload: Upload }>(`/${id}`, { method: "GET", signal })).upload,
  // `keepalive` is not needed: an upload that is not removed expires by itself.
  remove: async (id) => {
    await request(`/${id}`, { method: "DELETE" });
  },
};
