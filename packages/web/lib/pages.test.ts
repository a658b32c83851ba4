import { expect, test } from "vitest";
import { isPrivatePage, rejectionOf } from "./pages.ts";

test.each([
  "/",
  "/jobs",
  "/jobs/x.png",
  "/settings",
  "/admin/users",
  "/nothing",
  "/watch",
  "/Watch/x",
])("%s requires sign-in", (path) => {
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
])("%s is open, or checks access itself", (path) => {
  expect(isPrivatePage(path)).toBe(false);
});

test("allows only reads of valid page URLs, and leaves the API's methods to the API", () => {
  expect(rejectionOf("GET", "/jobs/a%20b")).toBeUndefined();
  expect(rejectionOf("HEAD", "/")).toBeUndefined();
  expect(rejectionOf("POST", "/api/jobs/delete")).toBeUndefined();
  for (const method of ["POST", "OPTIONS", "TRACE"]) expect(rejectionOf(method, "/")).toBe(405);
  for (const path of ["/%ff", "/jobs/%", "/api/%c3"]) expect(rejectionOf("GET", path)).toBe(400);
});
