import { expect, it } from "vitest";
import { countMessages, queueSentence } from "./dead-letter-view.ts";

it("describes every queue, with its name on AWS and in the local stack", () => {
  for (const name of [
    ...["source-created", "rendition-created", "transcode-changed", "job-changed", "reconcile"],
    ...["RushesProdSourceCreatedDeadLetters", "rushes-prod-JobChangedDlq"],
  ]) {
    expect(queueSentence(name)).toMatch(/\.$/);
  }
  expect(queueSentence("mystery")).toBeUndefined();
});

it("uses the singular for one message", () => {
  expect([1, 3].map(countMessages)).toEqual(["1 message", "3 messages"]);
});
