// Core first: a page in the same process may create its schemas before the API loads.
import "@rushes/core/job/schema";
import "@rushes/core/upload/schema";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { app } from "./app.ts";

const described = async () => (await app.request("https://rushes.example/api/openapi.json")).json();

const ROUTES = [
  "get /api/health",
  "post /api/uploads",
  "get /api/uploads",
  "get /api/uploads/{id}",
  "delete /api/uploads/{id}",
  "post /api/uploads/{id}/sign",
  "get /api/uploads/{id}/parts",
  "post /api/uploads/{id}/complete",
  "get /api/jobs",
  "post /api/jobs/delete",
  "get /api/jobs/counts",
  "get /api/jobs/{id}",
  "patch /api/jobs/{id}",
  "delete /api/jobs/{id}",
  "get /api/jobs/{id}/playback",
  "post /api/jobs/{id}/retry",
  "post /api/jobs/{id}/cancel",
  "get /api/jobs/{id}/captions",
  "post /api/jobs/{id}/captions",
  "patch /api/jobs/{id}/captions/{captions}",
  "delete /api/jobs/{id}/captions/{captions}",
  "put /api/jobs/{id}/poster",
  "delete /api/jobs/{id}/poster",
  "get /api/jobs/{id}/shares",
  "post /api/jobs/{id}/shares",
  "delete /api/shares/{id}",
  "get /api/watch/{address}/poster",
  "post /api/watch/{address}",
  "get /api/auth/sign-in",
  "get /api/auth/callback",
  "post /api/auth/sign-out",
  "get /api/account",
  "get /api/account/sessions",
  "delete /api/account/sessions/{id}",
  "get /api/oembed",
  "get /api/profiles",
  "get /api/tokens",
  "post /api/tokens",
  "delete /api/tokens/{id}",
  "get /api/keys",
  "post /api/keys",
  "delete /api/keys/{id}",
  "get /api/admin/users",
  "get /api/admin/users/{id}",
  "patch /api/admin/users/{id}",
  "delete /api/account/mail-hold",
  "delete /api/admin/users/{id}/mail-hold",
  "delete /api/admin/users/{id}/sessions",
  "get /api/admin/audit",
  "get /api/admin/deployments",
  "get /api/admin/dead-letters",
  "post /api/admin/dead-letters/redrive",
];

test("the OpenAPI document names every route and no other", async () => {
  const { paths } = await described();
  const routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.sort()).toEqual([...ROUTES].sort());
});

test("docs/api.md lists every route and no other", () => {
  const text = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");
  const rows = text.matchAll(/^\| (`(?:GET|POST|PUT|PATCH|DELETE) .*?) \| /gm);
  const routes = Array.from(rows, ([, cell = ""]) => {
    let before = "";
    return Array.from(cell.matchAll(/`([A-Z]+) ([^`?]*).*?`/g), ([, method = "", path = ""]) => {
      // "…" is the path of the route before it in the row.
      before = path.replace("…", before);
      return `${method.toLowerCase()} ${before}`;
    });
  });
  expect([...new Set(routes.flat())].sort()).toEqual([...ROUTES].sort());
});

const ALWAYS = ["400", "401", "403", "429", "500"];

test("every route documents its errors, in the common error format", async () => {
  const { paths, components } = await described();
  const error = { $ref: "#/components/schemas/Error" };
  for (const route of ROUTES.filter((one) => one !== "get /api/health")) {
    const [method = "", path = ""] = route.split(" ");
    const { responses } = paths[path][method];
    const wanted = path.includes("{id}") ? ["404", ...ALWAYS] : ALWAYS;
    expect(Object.keys(responses), route).toEqual(expect.arrayContaining(wanted));
    expect(responses["403"].content["application/json"].schema, route).toEqual(error);
  }
  expect(components.schemas.Error.required).toEqual(["code", "message"]);
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(["Upload", "SignedRequest", "Job", "Change", "Event", "Playback"]),
  );
});

test("every route documents its security schemes", async () => {
  const { paths, components } = await described();
  for (const route of ROUTES) {
    const [method = "", path = ""] = route.split(" ");
    const { security } = paths[path][method];
    expect(security, route).toBeInstanceOf(Array);
    const isPublic = /\/(health|watch|oembed|auth)\b/.test(path);
    expect(security.length === 0, route).toBe(isPublic);
    for (const one of security.flatMap(Object.keys)) {
      expect(components.securitySchemes, route).toHaveProperty(one);
    }
  }
  expect(components.securitySchemes.token).toMatchObject({ type: "http", scheme: "bearer" });
  expect(paths["/api/uploads"].post.security).toEqual([{ session: [] }, { token: ["upload"] }]);
  expect(paths["/api/tokens"].post.security).toEqual([{ session: [] }]);
});

test("a 429 response documents Retry-After", async () => {
  const { paths } = await described();
  const limited = paths["/api/jobs"].get.responses["429"];
  expect(limited.headers["Retry-After"].schema).toEqual({ type: "integer" });
});

test("the document states the version of the release", async () => {
  expect((await described()).info.version).toBe("1.2.3");
});
