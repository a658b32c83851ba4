import { expect, test } from "vitest";
import { claimOf, groupsOf, isOverage } from "./groups.ts";

test.each([
  ["a list: most providers", { groups: ["staff", "admins"] }, "groups", ["staff", "admins"]],
  ["one text: a user with one group", { groups: "admins" }, "groups", ["admins"]],
  ["one text with a space", { groups: "Domain Admins" }, "groups", ["Domain Admins"]],
  ["a distinguished name", { groups: "CN=admins,OU=x" }, "groups", ["CN=admins,OU=x"]],
  ["a list as JSON text", { groups: '["staff","admins"]' }, "groups", ["staff", "admins"]],
  ["Cognito, of SAML", { "custom:g": "[staff, the admins]" }, "custom:g", ["staff", "the admins"]],
  ["Cognito", { "cognito:groups": ["admins"] }, "cognito:groups", ["admins"]],
  ["Auth0", { "https://example.com/groups": ["a"] }, "https://example.com/groups", ["a"]],
  ["Keycloak's roles", { realm_access: { roles: ["a"] } }, "realm_access.roles", ["a"]],
  ["Keycloak's roles, whole", { realm_access: { roles: ["a"] } }, "realm_access", ["a"]],
  ["Zitadel", { "urn:z:roles": { a: { id: "x" }, b: {} } }, "urn:z:roles", ["a", "b"]],
  ["objects with names", { roles: [{ id: "1", name: "a" }, { name: "b" }] }, "roles", ["a", "b"]],
  ["SCIM", { groups: [{ value: "1", display: "a" }] }, "groups", ["a"]],
  ["GitLab's numbers", { groups: [1, 22] }, "groups", ["1", "22"]],
  ["no claim", {}, "groups", []],
  ["a claim of JavaScript's own", {}, "constructor.name", []],
  ["null", { groups: null }, "groups", []],
  ["an empty text", { groups: "" }, "groups", []],
  ["an empty list", { groups: [] }, "groups", []],
  ["an empty list as text", { groups: "[]" }, "groups", []],
])("groups are read from %s", (_, claims, claim, names) => {
  expect(groupsOf(claims, claim)).toEqual({ names });
});

test.each([
  ["a number", 5, "a number"],
  ["a boolean", true, "a boolean"],
  ["a list of lists", [["a"]], "a list with a list in it"],
  ["a list with nothing in it", ["a", null], "a list with null in it"],
  ["objects without names", [{ a: 1 }], "a list with an object with the fields a in it"],
  ["an object of texts", { a: "x", b: "y" }, "an object with the fields a, b"],
])("names the format of %s without its values", (_, groups, shape) => {
  expect(groupsOf({ groups }, "groups")).toEqual({ shape });
});

test("a claim whose name has dots wins over a path", () => {
  expect(claimOf({ "a.b": ["whole"], a: { b: ["path"] } }, "a.b")).toEqual(["whole"]);
});

test("detects groups that the provider omitted because there are too many", () => {
  expect(isOverage({ _claim_names: { groups: "src1" } }, "groups")).toBe(true);
  expect(isOverage({ hasgroups: "true" }, "groups")).toBe(true);
  expect(isOverage({ _claim_names: { groups: "src1" }, groups: ["a"] }, "groups")).toBe(false);
  expect(isOverage({}, "groups")).toBe(false);
});
