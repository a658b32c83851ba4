import { expect, it } from "vitest";
import { countLetters, queueSentence } from "./dead-letter-view.ts";

it("says what stands still for every queue, however its name is written in either home", () => {
  for (const name of [
    ...["source-created", "rendition-created", "transcode-changed", "job-changed", "reconcile"],
    ...["RushesProdSourceCreatedDeadLetters", "rushes-prod-JobChangedDlq"],
  ]) {
    expect(queueSentence(name)).toMatch(/\.$/);
  }
  expect(queueSentence("mystery")).toBeUndefined();
});

it("counts as people do", () => {
  expect([1, 3].map(countLetters)).toEqual(["1 letter", "3 letters"]);
});
