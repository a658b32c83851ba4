import { CODES } from "@rushes/core/error";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signInProblem } from "./sign-in-problem.ts";

const general = signInProblem("general");
const codes = CODES.filter(
  (code) => code.startsWith("signin.") || code === "user.disabled" || code === "rate.limited",
);

describe("problems on the sign-in page", () => {
  it("shows nothing without a problem", () => {
    expect(signInProblem(undefined)).toBeUndefined();
  });

  it.each(codes)("has a specific title and a next step for %s", (code) => {
    const problem = signInProblem(code);
    expect(problem).not.toEqual(general);
    expect(problem?.sentence).toMatch(/\b([Tt]ry|[Bb]egin|[Ss]ign in|[Ww]ait)\b.*\.$/);
  });

  it("shows the general message for any other value, and never repeats it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString")), (code) => {
        if (codes.some((known) => known === code)) return;
        expect(signInProblem(code)).toEqual(general);
      }),
    );
    expect(signInProblem(["signin.state", "signin.state"])).toEqual(general);
  });
});
