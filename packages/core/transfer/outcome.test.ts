import { describe, expect, it } from "vitest";
import { apiOutcome, retryAfterMs, storageOutcome } from "./outcome.ts";
import { canRetry, problemSentence } from "./upload-error.ts";

const storage = (status: number, code = "", retryAfter?: string) =>
  storageOutcome({ status, text: `<Error><Code>${code}</Code></Error>`, retryAfter }, 0);

describe("storageOutcome", () => {
  it.each([
    ["no answer", storage(0), { type: "retry" }],
    ["an overloaded server", storage(503, "SlowDown", "2"), { type: "retry", afterMs: 2000 }],
    ["a broken server", storage(500, "InternalError"), { type: "retry" }],
    ["a truncated body", storage(400, "IncompleteBody"), { type: "retry" }],
    ["an expired URL", storage(403, "AccessDenied"), { type: "sign" }],
    [
      "a wrong clock",
      storage(403, "RequestTimeTooSkewed"),
      { type: "fail", problem: { type: "denied" } },
    ],
    [
      "a full disk",
      storage(507, "InsufficientStorage"),
      { type: "fail", problem: { type: "storage_full" } },
    ],
    [
      "a removed upload",
      storage(404, "NoSuchUpload"),
      { type: "fail", problem: { type: "expired" } },
    ],
    ["an object that already exists", storage(412, "PreconditionFailed"), { type: "exists" }],
    ["a conflict of writes", storage(409, "ConditionalRequestConflict"), { type: "retry" }],
    [
      "a file over the limit",
      storage(400, "EntityTooLarge"),
      { type: "fail", problem: { type: "too_large" } },
    ],
  ])("maps %s", (_, outcome, expected) => {
    expect(outcome).toEqual(expected);
  });
});

it("keeps the server's message for a file that is too large", () => {
  const message = "This file is 3 GB; the limit is 2 GB.";
  expect(apiOutcome({ status: 400, code: "upload.too_large", message }, 0)).toEqual({
    type: "fail",
    problem: { type: "too_large", message },
  });
});

it.each(["quota.uploads", "quota.bytes"])(
  "shows the server's message when %s is reached, without retries",
  (code) => {
    const message = "5 uploads are open. Let one end or cancel one, then try again.";
    for (const status of [400, 409]) {
      const outcome = apiOutcome({ status, code, message }, 0);
      const problem = { type: "refused", message } as const;
      expect(outcome).toEqual({ type: "fail", problem });
      expect(problemSentence(problem)).toBe(message);
      expect(canRetry(problem)).toBe(true);
    }
  },
);

it("lets a file wait while its owner is not signed in", () => {
  for (const code of ["actor.required", "session.other"]) {
    expect(apiOutcome({ status: 401, code, message: "Sign in to do this." }, 0)).toEqual({
      type: "sign_in",
    });
  }
});

it("reads Retry-After as seconds or a date, up to five minutes", () => {
  expect(retryAfterMs("3", 0)).toBe(3000);
  expect(retryAfterMs("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
  expect(retryAfterMs("86400", 0)).toBe(300_000);
  expect(retryAfterMs("soon", 0)).toBeUndefined();
});
