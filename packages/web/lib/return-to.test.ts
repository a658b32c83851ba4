import fc from "fast-check";
import { expect, test } from "vitest";
import { returnTo, signInPage } from "./return-to.ts";

test.each([
  "/",
  "/jobs",
  "/jobs?q=a%2Fb&status=error",
  "/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV#player",
  "/signed-in",
  "/settings",
  "/apiary",
])("%s is a page of the app, and is returned to", (page) => {
  expect(returnTo(page)).toBe(page);
});

test.each([
  ["", "nothing"],
  ["//evil.example", "another host"],
  ["/\\evil.example", "a backslash, which browsers take for a slash"],
  ["\\\\evil.example", "two of them"],
  ["/%2fevil.example", "an encoded slash"],
  ["/%2Fevil.example", "the same in capitals"],
  ["/%252fevil.example", "one that is encoded twice"],
  ["/%5cevil.example", "an encoded backslash"],
  ["/.//evil.example", "a dot that is resolved to a host"],
  ["/jobs/..//evil.example", "two dots that are"],
  ["/%2e%2e//evil.example", "encoded dots that are"],
  ["/\t/evil.example", "a tab, which browsers drop"],
  ["/\n/evil.example", "a line break, which they drop too"],
  ["/%09/evil.example", "an encoded tab"],
  ["/ /evil.example", "a space"],
  ["https://evil.example", "a scheme"],
  ["https:evil.example", "a scheme without slashes"],
  ["javascript:alert(1)", "a script"],
  ["data:text/html,hi", "data"],
  ["evil.example", "a relative address"],
  ["@evil.example", "what follows a name"],
  [".evil.example", "the end of another name"],
  ["/api/auth/sign-in", "a circle"],
  ["/api/jobs", "an answer that is no page"],
  ["/API/jobs", "the same in capitals"],
  ["/%61pi/jobs", "the same, encoded"],
  ["/x/../api/jobs", "the same, by dots"],
  ["/sign-in?returnTo=/sign-in", "the sign-in page itself"],
  ["/_next/static/x.js", "a file"],
  ["/%zz", "a broken percent sign"],
  [`/${"a".repeat(1000)}`, "longer than every page"],
])("%j leads to the home page: %s", (given) => {
  expect(returnTo(given)).toBe("/");
});

test("keeps the browser on this origin for any value, and is idempotent", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "//", "\\", "%2f", "%5c", "%252f", ".", "..", "@", ":", "?", "#", "\t"),
    fc.constantFrom("http:", "https:", "javascript:", "evil.example", "api", "jobs", "[", "]"),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  const given = fc.oneof(
    fc.webUrl(),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
    fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`),
  );
  fc.assert(
    fc.property(given, (text) => {
      const page = returnTo(text);
      for (const site of ["https://rushes.example", "http://127.0.0.1:3000"]) {
        const url = new URL(page, site);
        expect(url.origin).toBe(site);
        expect(url.pathname).not.toMatch(/^\/api(\/|$)/i);
      }
      expect(page).toMatch(/^\/(?![/\\])/);
      expect(returnTo(page)).toBe(page);
    }),
    { numRuns: 500 },
  );
});

test("passes a safe return path and the problem to the sign-in page", () => {
  expect(signInPage("/jobs?q=a&b=c")).toBe("/sign-in?returnTo=%2Fjobs%3Fq%3Da%26b%3Dc");
  expect(signInPage("/", "signin.state")).toBe("/sign-in?problem=signin.state");
  expect(signInPage("//evil.example")).toBe("/sign-in");
});
