/** A stack with the API, and requests as a program sends them. */
import "@hono/zod-openapi";
import { loadCore } from "@rushes/testing/core";
import { startStack } from "@rushes/testing/stack";
import { expect } from "vitest";
import { described } from "./described.ts";

/** An ID without its prefix that no row has. */
export const UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

export async function startApi(settings: Parameters<typeof startStack>[0] = {}) {
  const stack = await startStack({ maxSizeBytes: 10 * 1024 ** 3, ...settings });
  const core = await loadCore();
  const { app } = await import("../app.ts");

  /** Sends one request, and checks what must hold for every response. */
  async function raw(path: string, init: RequestInit = {}) {
    const url = path.startsWith("http") ? path : `http://127.0.0.1:3000/api${path}`;
    const response = await app.request(url, init);
    const text = await response.text();
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(text).not.toMatch(/node_modules|\.ts:\d|ZodError/);
    const body = text === "" ? undefined : JSON.parse(text);
    const schema = described(app, init.method ?? "GET", new URL(url).pathname, response.status);
    // Parsing strips undocumented fields, so this checks that the response has exactly the documented ones.
    if (schema) expect(schema.parse(body)).toEqual(body);
    if (response.status >= 400) {
      expect(Object.keys(body).sort()).toEqual(["code", "message"]);
      expect(body.message).toMatch(/\w/);
    }
    return { status: response.status, body };
  }

  function call(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
    if (body === undefined) return raw(path, { method, headers });
    const json = { "content-type": "application/json", ...headers };
    return raw(path, { method, headers: json, body: JSON.stringify(body) });
  }

  return { stack, core, app, raw, call };
}
export type Api = Awaited<ReturnType<typeof startApi>>;

/** A file of a request for uploads. */
export const file = (fields: { name?: string; sizeBytes?: number; contentType?: string } = {}) => ({
  name: "clip.mp4",
  sizeBytes: 5,
  contentType: "video/mp4",
  ...fields,
});

/** The response of a request that fails. */
export const rejection = (status: number, code: string, message: RegExp = /./) => ({
  status,
  body: { code, message: expect.stringMatching(message) },
});
