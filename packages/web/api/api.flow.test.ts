// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { fill, jobRow } from "@rushes/testing/rows";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Api, file, rejection, startApi, UNKNOWN } from "./testing/api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

describe("a missing resource", () => {
  const uploads = [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/sign"],
    ["GET", "/parts"],
    ["POST", "/complete"],
  ] as const;
  const jobs = [
    ["GET", ""],
    ["DELETE", ""],
    ["PATCH", ""],
    ["POST", "/retry"],
    ["POST", "/cancel"],
    ["GET", "/playback"],
  ] as const;
  const bodyOf = (method: string, path: string) =>
    method === "PATCH" ? { title: "a" } : path === "/sign" ? {} : undefined;

  test.each([`upl_${UNKNOWN}`, "nonsense", `job_${UNKNOWN}`, "%F0%9F%8E%AC"])(
    "is a 404 on every route of an upload: %s",
    async (id) => {
      for (const [method, path] of uploads) {
        const answer = await api.call(method, `/uploads/${id}${path}`, bodyOf(method, path));
        expect(answer).toMatchObject(rejection(404, "upload.not_found"));
      }
    },
  );

  test.each([`job_${UNKNOWN}`, "nonsense", `upl_${UNKNOWN}`, "%00"])(
    "is a 404 on every route of a job: %s",
    async (id) => {
      for (const [method, path] of jobs) {
        const answer = await api.call(method, `/jobs/${id}${path}`, bodyOf(method, path));
        expect(answer).toMatchObject(rejection(404, "job.not_found"));
      }
    },
  );

  test("another user's job is a 404, like a job that never existed", async () => {
    const row = jobRow({ ownerId: "other", status: "received" });
    await fill([row]);
    for (const [method, path] of jobs) {
      const answer = await api.call(method, `/jobs/${row.id}${path}`, bodyOf(method, path));
      expect(answer).toMatchObject(rejection(404, "job.not_found"));
    }
  });

  test("a missing route names the API's documentation", async () => {
    const unknown = rejection(404, "route.not_found", /openapi\.json/);
    expect(await api.call("GET", "/nothing")).toMatchObject(unknown);
  });

  test("an unsupported method returns the supported ones", async () => {
    for (const [method, path, allow] of [
      ["PUT", "/jobs", "GET, HEAD"],
      ["POST", `/jobs/job_${UNKNOWN}`, "DELETE, GET, HEAD, PATCH"],
      ["DELETE", "/health", "GET, HEAD"],
    ] as const) {
      const url = `http://127.0.0.1:3000/api${path}`;
      const response = await api.app.request(url, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe(allow);
      expect(await response.json()).toMatchObject({ code: "route.method" });
    }
  });
});

describe("a page of another site", () => {
  const foreign = rejection(403, "request.foreign");
  const create = (headers: Record<string, string>) =>
    api.call("POST", "/uploads", { files: [file()] }, headers);

  test.each<Record<string, string>>([
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:9999" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("cannot change anything: %j", async (headers) => {
    expect(await create(headers)).toMatchObject(foreign);
    expect(await api.call("DELETE", `/jobs/job_${UNKNOWN}`, undefined, headers)).toMatchObject(
      foreign,
    );
  });

  test.each<Record<string, string>>([
    {},
    { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "same-origin" },
  ])("is not what our own page or a program looks like: %j", async (headers) => {
    expect((await create(headers)).status).toBe(201);
  });

  test("cannot read the API through DNS rebinding", async () => {
    expect(await api.raw("http://evil.example/api/jobs")).toMatchObject(foreign);
    expect(await api.call("GET", "/jobs", undefined, { host: "evil.example:3000" })).toMatchObject(
      foreign,
    );
    expect((await api.raw("http://localhost:3000/api/jobs")).status).toBe(200);
    expect((await api.raw("http://[::1]:3000/api/jobs")).status).toBe(200);
  });
});

test("an internal error returns a generic message; only the log has the details", async () => {
  const row = jobRow();
  await fill([{ ...row, attempt: "none" }]);
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const answer = await api.call("GET", `/jobs/${row.id}?q=private`);
  const said = log.mock.calls.flat().join("");
  log.mockRestore();
  expect(answer).toMatchObject(rejection(500, "internal"));
  expect(said).toContain(`GET /api/jobs/${row.id} failed: ZodError`);
  expect(said).not.toContain("private");
  await api.core.table.removeAll([api.core.table.key.job(row.id)]);
});

describe("without sign-in", () => {
  test("every caller is the local user", async () => {
    const user = { id: "local", email: "you@example.com", role: "admin", disabled: false };
    expect(await api.call("GET", "/account")).toMatchObject({
      status: 200,
      body: { user, signIn: false },
    });
    expect(await api.call("GET", "/account/sessions")).toEqual({
      status: 200,
      body: { sessions: [] },
    });
  });

  test("there is no sign-in and no sign-out", async () => {
    const go = async (path: string) => {
      const { status, headers } = await api.app.request(`http://127.0.0.1:3000/api/auth/${path}`);
      return [status, headers.get("location")];
    };
    const site = "http://127.0.0.1:3000";
    expect(await go("sign-in?returnTo=/jobs")).toEqual([302, `${site}/jobs`]);
    expect(await go("sign-in?returnTo=//evil.example")).toEqual([302, `${site}/`]);
    expect(await go("callback?code=a&state=b")).toEqual([
      303,
      `${site}/sign-in?problem=signin.state`,
    ]);
    expect(await api.call("POST", "/auth/sign-out")).toEqual({
      status: 200,
      body: { location: "/" },
    });
  });

  test("an invalid token is rejected", async () => {
    const answer = await api.call("GET", "/jobs", undefined, { authorization: "Bearer nonsense" });
    expect(answer).toMatchObject(rejection(401, "actor.required"));
  });
});

test("returns the version from the health route, without any other service", async () => {
  const answer = await api.call("GET", "/health");
  const app = { ok: true, name: "rushes", stage: "test" };
  const release = {
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    time: expect.stringMatching(/Z$/),
  };
  expect(answer).toEqual({ status: 200, body: { ...app, ...release } });
});
