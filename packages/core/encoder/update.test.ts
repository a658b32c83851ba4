import { expect, test } from "vitest";
import { parseUpdate, updateOf, warningsOf } from "./update.ts";

const jobId = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const about = { jobId: "1700000000000-abcdef", userMetadata: { jobId, attempt: "2" } };

test("what an event says and what GetJob says is the same news", () => {
  const news = { jobId, attempt: 2, encoderJobId: about.jobId, type: "progress", percent: 40 };
  const jobProgress = { jobPercentComplete: 40 };
  expect(parseUpdate({ ...about, status: "STATUS_UPDATE", jobProgress })).toEqual({
    ...news,
    moves: true,
  });
  const job = { Id: about.jobId, UserMetadata: about.userMetadata, Role: "", Settings: {} };
  expect(updateOf({ ...job, Status: "PROGRESSING", JobPercentComplete: 40 })).toEqual(news);
  expect(updateOf({ ...job, Status: "SUBMITTED" })).toBeUndefined();
});

test("a warning is the same news, from an event or from GetJob", () => {
  const news = { jobId, attempt: 2, encoderJobId: about.jobId, type: "warning", codes: [900_001] };
  expect(parseUpdate({ ...about, status: "NEW_WARNING", warningCode: "900001" })).toEqual(news);
  const job = { Id: about.jobId, UserMetadata: about.userMetadata, Role: "", Settings: {} };
  expect(warningsOf({ ...job, Warnings: [{ Code: 900_001, Count: 3 }] })).toEqual(news);
  expect(warningsOf({ ...job, Warnings: [] })).toBeUndefined();
  expect(parseUpdate({ ...about, status: "NEW_WARNING" })).toBeUndefined();
});

test("another application's job in the same account is left alone", () => {
  expect(parseUpdate({ ...about, status: "COMPLETE", userMetadata: {} })).toBeUndefined();
  expect(
    parseUpdate({ ...about, status: "COMPLETE", userMetadata: { jobId: "7" } }),
  ).toBeUndefined();
  expect(parseUpdate({ ...about, status: "QUEUE_HOP" })).toBeUndefined();
});
