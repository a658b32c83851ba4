import { SCOPES } from "@rushes/core/actor";
import { New } from "@rushes/core/token/schema";
import { expect, it } from "vitest";
import { ACCESS } from "../../api/access.table.ts";
import {
  DEFAULT_EXPIRY,
  EXPIRIES,
  SCOPE_ORDER,
  SCOPE_SENTENCES,
  scopesOf,
  tokenTimes,
} from "./token-view.ts";

const now = Date.parse("2026-06-15T12:00:00.000Z");
const times = (expires: string, used?: string) =>
  tokenTimes({ time: { created: "2026-06-01T00:00:00.000Z", expires, used } }, now);

it("offers every scope, each with a sentence", () => {
  expect([...SCOPE_ORDER].sort()).toEqual([...SCOPES].sort());
  for (const scope of SCOPES) expect(SCOPE_SENTENCES[scope]).toMatch(/^[A-Z].*\.$/);
});

/** A route for each phrase that a sentence can contain. */
const ROUTES: Record<string, string> = {
  "upload videos": "POST /uploads",
  "cancel your uploads": "DELETE /uploads/{id}",
  "list your videos": "GET /jobs",
  "play and download": "GET /jobs/{id}/playback",
  rename: "PATCH /jobs/{id}",
  retry: "POST /jobs/{id}/retry",
  "cancel and delete": "POST /jobs/{id}/cancel",
  delete: "DELETE /jobs/{id}",
  "create links": "POST /jobs/{id}/shares",
  "revoke their links": "DELETE /shares/{id}",
  "create and revoke access keys": "POST /keys",
};

it.each(SCOPES)("promises exactly what the API allows for the scope %s", (scope) => {
  const said = SCOPE_SENTENCES[scope].toLowerCase();
  for (const [promise, route] of Object.entries(ROUTES)) {
    const may = ACCESS[route]?.who[scope];
    expect([promise, said.includes(promise)]).toEqual([promise, may === "yes"]);
  }
});

it("offers to members what the API lets them give to a token, and to admins every scope", () => {
  expect(scopesOf("admin")).toEqual(SCOPE_ORDER);
  const onlyAdmins = SCOPE_ORDER.filter((scope) => !scopesOf("member").includes(scope));
  const keyRoutes = Object.values(ACCESS).filter(
    ({ who }) => who.keys === "yes" && who.owner !== "yes",
  );
  expect([...new Set(keyRoutes.flatMap(({ security }) => security))]).toEqual(onlyAdmins);
});

it("offers only expiries that the server accepts", () => {
  for (const { value: days } of EXPIRIES) {
    expect(New.safeParse({ name: "ci", scopes: ["read"], expiresInDays: days }).success).toBe(true);
  }
  expect(EXPIRIES.some(({ value }) => value === DEFAULT_EXPIRY)).toBe(true);
});

it("shows when a token was used, and whether it expires soon", () => {
  expect(times("2026-09-01T00:00:00.000Z")).toMatchObject({ used: "Never used", soon: false });
  expect(times("2026-06-18T00:00:00.000Z", "2026-06-15T11:57:00.000Z")).toMatchObject({
    used: "Last used 3 min. ago",
    soon: true,
  });
  expect(times("2026-06-15T11:00:00.000Z").expires).toBe("Expired");
});
