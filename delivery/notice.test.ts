import { expect, test } from "vitest";
import { type Delivery, notice, range } from "./notice.ts";

const delivery = (fields: Partial<Delivery> = {}): Delivery => ({
  stage: "staging",
  version: "1.2.0",
  commit: "0123456789abcdef0123456789abcdef01234567",
  before: "fedcba9",
  url: "https://staging.example.com",
  repository: "you/rushes",
  branch: "main",
  console: "https://eu-central-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/delivery",
  execution: "11111111-2222-3333-4444-555555555555",
  ...fields,
});

test("links to the version, its changes and the approval", () => {
  const { subject, text } = notice(delivery());
  expect(subject).toBe("Rushes 1.2.0 (0123456) is on staging and waits for approval");
  expect(text).toContain("https://staging.example.com");
  expect(text).toContain("https://github.com/you/rushes/compare/fedcba9...0123456789abcdef");
  expect(text).toContain("Approve or reject it here: https://eu-central-1.console");
});

test("announces a release and how to roll back", () => {
  const { subject, text } = notice(delivery({ stage: "production" }));
  expect(subject).toBe("Rushes 1.2.0 (0123456) is in production");
  expect(text).toContain("Going back");
});

test("compares with the branch before the first delivery", () => {
  expect(range(delivery({ before: undefined }))).toBe(
    "main...0123456789abcdef0123456789abcdef01234567",
  );
});

test("cuts the subject to the length that SNS allows", () => {
  expect(notice(delivery({ version: "9".repeat(200) })).subject).toHaveLength(100);
});
