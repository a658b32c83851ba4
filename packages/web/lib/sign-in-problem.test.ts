import { CODES } from "@rushes/core/error";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signInProblem } from "./sign-in-problem.ts";

const general = signInProblem("general");
const codes = CODES.filter(
  (code) => code.startsWith("signin.") || code === "user.disabled" || code === "rate.limited",
);

describe("what the sign-in page says", () => {
  it("is nothing while nothing went wrong", () => {
    expect(signInProblem(undefined)).toBeUndefined();
  });

  it.each(codes)("of %s is a title of its own and what to do", (code) => {
    const problem = signInProblem(code);
    expect(problem).not.toEqual(general);
    expect(problem?.sentence).toMatch(/\b([Tt]ry|[Bb]egin|[Ss]ign in|[Ww]ait)\b.*\.$/);
  });

  it("is the general sentence for whatever else stands in the address, and repeats none of it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString")), (code) => {
        if (codes.some((known) => known === code)) return;
        expect(signInProblem(code)).toEqual(general);
      }),
    );
    expect(signInProblem(["signin.state", "signin.state"])).toEqual(general);
  });
});
