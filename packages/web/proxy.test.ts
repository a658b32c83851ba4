import { NextRequest } from "next/server";
import { beforeAll, expect, test, vi } from "vitest";

const SITE = "http://127.0.0.1:3000";

beforeAll(() => {
  const links = {
    Settings: { siteUrl: SITE },
    SignIn: { required: false },
    Media: { url: SITE, keyPairId: "K", privateKey: "key" },
  };
  for (const [name, value] of Object.entries(links)) {
    vi.stubEnv(`SST_RESOURCE_${name}`, JSON.stringify(value));
  }
});

async function ask(path: string, method = "GET") {
  const { proxy } = await import("./proxy.ts");
  const headers = { host: "127.0.0.1:3000" };
  return proxy(new NextRequest(`${SITE}${path}`, { method, headers }));
}

test("rejects a path of the API that is not UTF-8 with the API's error", async () => {
  for (const path of ["/api/jobs/%ff", "/api/shares/%ed%a0%80"]) {
    const response = await ask(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: "request.invalid",
      message: "The path of this URL is not encoded as UTF-8.",
    });
  }
});

test("rejects such a path of a page, and other methods of pages, with a sentence", async () => {
  const invalid = await ask("/jobs/%ff");
  expect([invalid.status, await invalid.text()]).toEqual([
    400,
    expect.stringMatching(/UTF-8\.\n$/),
  ]);
  const posted = await ask("/jobs", "POST");
  expect([posted.status, await posted.text()]).toEqual([
    405,
    expect.stringMatching(/GET and HEAD/),
  ]);
});
