import { expect, it } from "vitest";
import { actQuestion, actsOn } from "./user-view.ts";

it("offers an admin nothing that would lock out their own account", () => {
  expect(actsOn({ disabled: false }, true)).toEqual([]);
});

it("offers to enable a disabled user, and to disable an enabled one", () => {
  expect(actsOn({ disabled: true }, false).map(({ act }) => act)).toEqual(["enable"]);
  expect(actsOn({ disabled: false }, false).map(({ act }) => act)).toEqual(["end", "disable"]);
});

it("names the user and the consequence in every confirmation", () => {
  for (const act of ["disable", "enable", "end"] as const) {
    const question = actQuestion(act, { email: "ann@example.com" });
    expect(question.title).toContain("ann@example.com");
    expect(question.done).toContain("ann@example.com");
    expect(question.body).toMatch(/\.$/);
  }
});
