import { expect, test } from "vitest";
import { isPrivatePage } from "./pages.ts";

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
