import { expect, it } from "vitest";
import { actQuestion, actsOn } from "./user-view.ts";

it("offers an admin nothing that would lock out the own account", () => {
  expect(actsOn({ disabled: false }, true)).toEqual([]);
});

it("offers to switch on whom it is switched off, and off whom it is on", () => {
  expect(actsOn({ disabled: true }, false).map(({ act }) => act)).toEqual(["on"]);
  expect(actsOn({ disabled: false }, false).map(({ act }) => act)).toEqual(["end", "off"]);
});

it("names the user in every question, and says what follows", () => {
  for (const act of ["off", "on", "end"] as const) {
    const question = actQuestion(act, { email: "ann@example.com" });
    expect(question.title).toContain("ann@example.com");
    expect(question.done).toContain("ann@example.com");
    expect(question.body).toMatch(/\.$/);
  }
});
