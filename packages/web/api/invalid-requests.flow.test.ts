// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, file, rejection, startApi, UNKNOWN } from "./testing/api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

describe("an invalid request", () => {
  const post = (body: BodyInit, headers: Record<string, string>) =>
    api.raw("/uploads", { method: "POST", body, headers });
  const json = { "content-type": "application/json" };

  test("a body that is not JSON, is empty, or has another shape", async () => {
    expect(await post("{", json)).toMatchObject(rejection(400, "request.invalid", /JSON/));
    expect(await api.call("POST", "/uploads")).toMatchObject(rejection(400, "request.invalid"));
    expect(await post("", json)).toMatchObject(rejection(400, "request.invalid"));
    expect(await api.call("POST", "/uploads", [])).toMatchObject(rejection(400, "request.invalid"));
    const files = rejection(400, "request.invalid", /files/);
    expect(await api.call("POST", "/uploads", {})).toMatchObject(files);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "a body of type '%s'",
    async (type) => {
      const body = JSON.stringify({ files: [file()] });
      const wrong = rejection(400, "request.type", /application\/json/);
      // HTTP/1.1 announces a body with one of these headers.
      for (const [name, value] of [
        ["content-length", String(body.length)],
        ["transfer-encoding", "chunked"],
      ] as const) {
        expect(await post(body, { "content-type": type, [name]: value })).toMatchObject(wrong);
      }
    },
  );

  test("a body over 512 KiB, whether or not it says its length", async () => {
    const body = JSON.stringify({ files: [file({ name: "a".repeat(512 * 1024) })] });
    const large = rejection(413, "request.too_large", /512 KiB/);
    const chunked = { ...json, "transfer-encoding": "chunked" };
    expect(await post(body, chunked)).toMatchObject(large);
    const length = { ...json, "content-length": String(body.length) };
    expect(await post(body, length)).toMatchObject(large);
  });

  test.each([
    ["limit=0", /limit/],
    ["limit=101", /limit/],
    ["limit=many", /limit/],
    ["status=lost", /status/],
    ["changedSince=yesterday", /changedSince/],
  ])("a list with ?%s", async (query, message) => {
    const answer = await api.call("GET", `/jobs?${query}`);
    expect(answer).toMatchObject(rejection(400, "request.invalid", message));
  });

  test("a search or a cursor that is far too long", async () => {
    for (const [name, length] of [
      ["q", 201],
      ["cursor", 2001],
    ] as const) {
      const answer = await api.call("GET", `/jobs?${name}=${"a".repeat(length)}`);
      expect(answer).toMatchObject(rejection(400, "request.invalid", new RegExp(`^${name}:`)));
    }
  });

  test("a made-up cursor", async () => {
    const answer = await api.call("GET", "/jobs?cursor=bm9uc2Vuc2U");
    expect(answer).toMatchObject(rejection(400, "cursor.invalid"));
  });

  test("uploads of an unknown status", async () => {
    const answer = await api.call("GET", "/uploads?status=lost");
    expect(answer).toMatchObject(rejection(400, "request.invalid", /status/));
  });
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every string in the documented request bodies, as a path into the body. */
function textsOf(schema: unknown, path: string[] = []): string[][] {
  if (!isRecord(schema)) return [];
  if (isRecord(schema.properties)) {
    return Object.entries(schema.properties).flatMap(([name, one]) =>
      textsOf(one, [...path, name]),
    );
  }
  if (schema.type === "array") return textsOf(schema.items, [...path, "0"]);
  const variants = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray);
  if (variants) return variants.flatMap((one) => textsOf(one, path));
  return schema.type === "string" ? [path] : [];
}

/** A body with this text in one field. */
const bodyWith = (path: string[], text: string): unknown =>
  path.reduceRight<unknown>((inner, name) => (name === "0" ? [inner] : { [name]: inner }), text);

test("rejects a lone surrogate with 400 in every documented field", async () => {
  const document = await (await api.app.request("http://127.0.0.1:3000/api/openapi.json")).json();
  const tried: string[] = [];
  for (const [path, methods] of Object.entries<Record<string, unknown>>(document.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const request =
        isRecord(route) && isRecord(route.requestBody) ? route.requestBody : undefined;
      const content = isRecord(request?.content) ? request.content["application/json"] : undefined;
      const schema = isRecord(content) ? content.schema : undefined;
      const address = path.replace(/^\/api/, "").replace(/\{[^}]+\}/g, `job_${UNKNOWN}`);
      for (const field of textsOf(schema)) {
        for (const text of ["\ud800", "film \udc00", "\udfff\ud800"]) {
          const answer = await api.call(method.toUpperCase(), address, bodyWith(field, text));
          expect(answer, `${method} ${path} ${field}`).toEqual(
            rejection(400, "request.invalid", /not well-formed Unicode/),
          );
        }
        tried.push(field.join("."));
      }
    }
  }
  // Names of files, videos, tokens and shares. Without this check, a new format of the document could leave none to
  // test.
  expect(tried).toEqual(expect.arrayContaining(["files.0.name", "title", "name"]));
});

test.each([
  ["is cut off after an escape", '{"title":"\\ud83d\\ude00"'],
  ["has an escape outside of a string", "{\\ud83d\\ude00}"],
  ["is a list of 100,000 levels", `${"[".repeat(1e5)}"\\ud800"${"]".repeat(1e5)}`],
  ["is an object of 50,000 levels", `${'{"a":'.repeat(5e4)}"\\ud83d\\ude00"${"}".repeat(5e4)}`],
])("returns 400 for a body with a surrogate that %s", async (_, body) => {
  const headers = { "content-type": "application/json" };
  const paths: [string, string][] = [
    ["POST", "/uploads"],
    ["PATCH", `/jobs/job_${UNKNOWN}`],
    ["DELETE", `/shares/shr_${UNKNOWN}`],
  ];
  for (const [method, path] of paths) {
    const answer = await api.raw(path, { method, body, headers });
    expect(answer, path).toMatchObject(rejection(400, "request.invalid"));
  }
});

test("accepts an emoji that is written as two escapes", async () => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ files: [file({ name: "x.mp4" })] }).replace("x", "\\ud83d\\ude00");
  expect(await api.raw("/uploads", { method: "POST", body, headers })).toMatchObject({
    status: 201,
    body: { results: [{ upload: { fileName: "😀.mp4" } }] },
  });
});

test("never returns 500 for a query that is not UTF-8", async () => {
  for (const name of ["q", "status", "cursor", "owner"]) {
    const { status } = await api.call("GET", `/jobs?${name}=%ED%A0%80`);
    expect(status, name).toBeLessThan(500);
  }
});
