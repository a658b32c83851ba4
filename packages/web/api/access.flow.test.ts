/** Calls every route as every kind of caller, and compares the results with access.table.ts. */
// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS, accessTable, COLUMNS, type Column, type Line, NOBODIES } from "./access.table.ts";
import {
  ask,
  closeAccess,
  core,
  type Headers,
  headersOf,
  isChange,
  isPerson,
  rowsOf,
  SITE,
  sameOrigin,
  startAccess,
  stranger,
  targetOf,
} from "./testing/access.ts";
import { MARK } from "./testing/access-bodies.ts";

beforeAll(startAccess);
afterAll(closeAccess);

const expected = ({ status, who }: Line, column: Column) => {
  const outcome = who[column];
  const [failure, code] = outcome.split(" ");
  return outcome === "yes" ? { status, code: undefined } : { status: Number(failure), code };
};
/** The columns whose responses may contain the owner's data, and whose changes may affect it. */
const REACH: Column[] = ["owner", "admin", "upload", "read", "manage", "share"];
/** Access keys belong to no caller: a caller with access to their routes reaches all keys. */
const reaches = (column: Column, route: string) =>
  REACH.includes(column) || route.includes("/keys");
const lines = Object.entries(ACCESS);

test("the table lists every route, and no other", () => {
  for (const { path } of core.app.routes.filter(({ method }) => method === "ALL")) {
    // This test does not call a route for all methods, so only middleware may use all methods.
    expect(path).toMatch(/\/\*$/);
  }
  const routes = core.app.routes.filter(({ method }) => method !== "ALL");
  const named = routes.map(({ method, path }) => {
    return `${method} ${path.replace(/^\/api/, "").replace(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`;
  });
  const written = lines.map(([route]) => route.replace(/\?.*$/, ""));
  expect([...new Set(named)].sort()).toEqual([...new Set(written)].sort());
});

test("the OpenAPI document names the same callers for every route as the table", async () => {
  const { paths } = await (await core.app.request(`${SITE}/api/openapi.json`)).json();
  for (const [route, { security }] of lines) {
    const [method = "", path = ""] = route.replace(/\?.*$/, "").split(" ");
    if (path === "/openapi.json") continue;
    const scopes = typeof security === "string" ? [] : security;
    const keys = [{ session: [] }, ...scopes.map((scope) => ({ token: [scope] }))];
    const wanted = security === "nobody" ? [] : keys;
    expect(paths[`/api${path}`][method.toLowerCase()].security, route).toEqual(wanted);
  }
});

test("docs/access.md shows this table", async () => {
  const file = await readFile(new URL("../../../docs/access.md", import.meta.url), "utf8");
  expect(file).toContain(accessTable());
  for (const one of NOBODIES) expect(file).toContain(`- ${one}\n`);
});

describe("access", () => {
  // Last: it would end a session that is accepted by mistake, and hide that from all other routes.
  const isSignOut = ([route]: readonly [string, Line]) => route === "POST /auth/sign-out";
  const inOrder = [...lines.filter((one) => !isSignOut(one)), ...lines.filter(isSignOut)];
  test.each(inOrder)("%s", async (route, line) => {
    const target = await targetOf(route);
    const before = await rowsOf(target);
    const wanted = expected(line, "nobody");
    for (const one of NOBODIES) {
      const headers = { ...stranger[one], ...(isChange(route) && sameOrigin) };
      const { status, code, text } = await ask(route, target, headers);
      expect({ status, code }, one).toEqual(wanted);
      if (!route.includes("{address}")) expect(text, one).not.toContain(MARK);
    }
    for (const column of COLUMNS.filter((one) => one !== "nobody")) {
      const mayReach = reaches(column, route) && line.who[column] === "yes";
      const asks = mayReach ? await targetOf(route) : target;
      const { status, code, text } = await ask(route, asks, await headersOf(column));
      expect({ status, code }, column).toEqual(expected(line, column));
      const hides = !mayReach && line.security !== "nobody";
      if (hides) expect(text, column).not.toContain(MARK);
    }
    expect(await rowsOf(target)).toEqual(before);
  });
});

describe("a page of another site cannot request", () => {
  const changes = lines.filter(([route]) => isChange(route));
  test.each(changes)("%s", async (route, line) => {
    const target = await targetOf(route);
    const before = await rowsOf(target);
    const foreign = { status: 403, code: "request.foreign" };
    const may = COLUMNS.filter((one) => line.who[one] === "yes");
    for (const column of may) {
      const { origin, ...headers } = await headersOf(column);
      const pages: Headers[] = [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `${SITE}.evil.example` },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        // A browser sends cookies automatically, so a request with a cookie and without an Origin is rejected.
        ...(isPerson(column) ? [{}] : []),
      ];
      for (const from of pages) {
        const { status, code } = await ask(route, target, { ...headers, ...from });
        expect({ status, code }, `${column} ${JSON.stringify(from)}`).toEqual(foreign);
      }
    }
    expect(await rowsOf(target)).toEqual(before);
  });
});
