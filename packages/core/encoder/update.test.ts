import { expect, test } from "vitest";
import { parseUpdate, updateOf, warningsOf } from "./update.ts";

const jobId = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const about = { jobId: "1700000000000-abcdef", userMetadata: { jobId, attempt: "2" } };

test("reads the same progress from an event and from GetJob", () => {
  const update = { jobId, attempt: 2, encoderJobId: about.jobId, type: "progress", percent: 40 };
  const jobProgress = { jobPercentComplete: 40 };
  expect(parseUpdate({ ...about, status: "STATUS_UPDATE", jobProgress })).toEqual({
    ...update,
    moves: true,
  });
  const job = { Id: about.jobId, UserMetadata: about.userMetadata, Role: "", Settings: {} };
  expect(updateOf({ ...job, Status: "PROGRESSING", JobPercentComplete: 40 })).toEqual(update);
  expect(updateOf({ ...job, Status: "SUBMITTED" })).toBeUndefined();
});

test("reads the same warning from an event and from GetJob", () => {
  const update = {
    jobId,
    attempt: 2,
    encoderJobId: about.jobId,
    type: "warning",
    codes: [900_001],
  };
  expect(parseUpdate({ ...about, status: "NEW_WARNING", warningCode: "900001" })).toEqual(update);
  const job = { Id: about.jobId, UserMetadata: about.userMetadata, Role: "", Settings: {} };
  expect(warningsOf({ ...job, Warnings: [{ Code: 900_001, Count: 3 }] })).toEqual(update);
  expect(warningsOf({ ...job, Warnings: [] })).toBeUndefined();
  expect(parseUpdate({ ...about, status: "NEW_WARNING" })).toBeUndefined();
});

test("ignores the jobs of other applications in the same account", () => {
  expect(parseUpdate({ ...about, status: "COMPLETE", userMetadata: {} })).toBeUndefined();
  expect(
    parseUpdate({ ...about, status: "COMPLETE", userMetadata: { jobId: "7" } }),
  ).toBeUndefined();
  expect(parseUpdate({ ...about, status: "QUEUE_HOP" })).toBeUndefined();
});
