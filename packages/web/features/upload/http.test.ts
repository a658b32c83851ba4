import { afterEach, describe, expect, it, vi } from "vitest";
import { api } from "./http.ts";

const { signal } = new AbortController();
afterEach(() => vi.unstubAllGlobals());

const calls = {
  create: () => api.create([{ name: "a.mp4", sizeBytes: 1, contentType: "" }], "key", signal),
  openUploads: () => api.openUploads(signal),
  sign: () => api.sign("upl_1", [{ partNumber: 1, crc64nvme: "AAAAAAAAAAA=" }], signal),
  parts: () => api.parts("upl_1", signal),
  complete: () => api.complete("upl_1", undefined, signal),
  fromId: () => api.fromId("upl_1", signal),
};

describe.each(Object.entries(calls))("%s", (_, call) => {
  it.each([
    ["a page, such as that of a network's sign-in", "<!doctype html><title>Welcome</title>"],
    ["nothing", ""],
    ["half of an answer", '{"results":['],
    ["JSON of something else", '{"ok":true}'],
    ["a number", "1"],
  ])("is repeated if the answer is %s", async (_what, body) => {
    vi.stubGlobal("fetch", async () => new Response(body));
    await expect(call()).rejects.toMatchObject({ outcome: { type: "retry" } });
  });

  it("fails with a sentence if the answer is an error without JSON", async () => {
    vi.stubGlobal("fetch", async () => new Response("<h1>Forbidden</h1>", { status: 403 }));
    await expect(call()).rejects.toMatchObject({
      outcome: { type: "fail", problem: { message: expect.stringContaining("answered 403") } },
    });
  });
});
