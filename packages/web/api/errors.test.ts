import { VisibleError } from "@rushes/core/error";
import { Hono } from "hono";
import { afterEach, expect, test, vi } from "vitest";
import { onError } from "./errors.ts";

afterEach(() => vi.restoreAllMocks());

async function answer(path: string, error: Error) {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const app = new Hono();
  app.onError(onError);
  app.all("*", () => {
    throw error;
  });
  const response = await app.request(path);
  return { response, said: log.mock.calls.flat().join("") };
}

test("logs where an internal error occurred, without the visitor's link", async () => {
  const { said } = await answer("/api/watch/secret-address?a=private", new Error("broken"));
  expect(said).toContain("GET /api/watch/… failed: Error: broken");
  expect(said).not.toMatch(/secret-address|private/);
});

test("returns WWW-Authenticate with 401, and Retry-After with 429", async () => {
  const nobody = new VisibleError("auth", "actor.required", "Sign in to do this.");
  const { response } = await answer("/api/jobs", nobody);
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  const limited = await answer("/api/jobs", new VisibleError("rate", "rate.limited", "Wait.", 7));
  expect(limited.response.status).toBe(429);
  expect(limited.response.headers.get("retry-after")).toBe("7");
  expect(limited.said).toBe("");
});
