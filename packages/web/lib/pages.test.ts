import { expect, test } from "vitest";
import { isPrivatePage, refusalOf } from "./pages.ts";

test.each([
  "/",
  "/jobs",
  "/jobs/x.png",
  "/settings",
  "/admin/users",
  "/nothing",
  "/watch",
  "/Watch/x",
])("%s asks to sign in", (path) => {
  expect(isPrivatePage(path)).toBe(true);
});

test.each([
  "/sign-in",
  "/signed-in",
  "/watch/abc",
  "/embed/abc",
  "/api/jobs",
  "/_next/image",
  "/icon.svg",
])("%s is open, or answers for itself", (path) => {
  expect(isPrivatePage(path)).toBe(false);
});

test("pages are read, at addresses that can be; the API says for itself what it takes", () => {
  expect(refusalOf("GET", "/jobs/a%20b")).toBeUndefined();
  expect(refusalOf("HEAD", "/")).toBeUndefined();
  expect(refusalOf("POST", "/api/jobs/delete")).toBeUndefined();
  for (const method of ["POST", "OPTIONS", "TRACE"]) expect(refusalOf(method, "/")).toBe(405);
  for (const path of ["/%ff", "/jobs/%", "/api/%c3"]) expect(refusalOf("GET", path)).toBe(400);
});
