import { expect, test } from "vitest";
import { type Delivery, notice, range } from "./notice.ts";

const delivery = (own: Partial<Delivery> = {}): Delivery => ({
  stage: "staging",
  version: "1.2.0",
  commit: "0123456789abcdef0123456789abcdef01234567",
  before: "fedcba9",
  url: "https://staging.example.com",
  repository: "you/rushes",
  branch: "main",
  console: "https://eu-central-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/delivery",
  execution: "11111111-2222-3333-4444-555555555555",
  ...own,
});

test("who approves is led to the version, to what is new in it, and to where to say so", () => {
  const { subject, text } = notice(delivery());
  expect(subject).toBe("Rushes 1.2.0 (0123456) is on staging and waits for approval");
  expect(text).toContain("https://staging.example.com");
  expect(text).toContain("https://github.com/you/rushes/compare/fedcba9...0123456789abcdef");
  expect(text).toContain("Approve or refuse it here: https://eu-central-1.console");
});

test("people hear what is in production and how to go back", () => {
  const { subject, text } = notice(delivery({ stage: "production" }));
  expect(subject).toBe("Rushes 1.2.0 (0123456) is in production");
  expect(text).toContain("Going back");
});

test("before the first delivery there is something to look at, too", () => {
  expect(range(delivery({ before: undefined }))).toBe(
    "main...0123456789abcdef0123456789abcdef01234567",
  );
});

test("a subject is never longer than SNS takes", () => {
  expect(notice(delivery({ version: "9".repeat(200) })).subject).toHaveLength(100);
});
