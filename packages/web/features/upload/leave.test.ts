import { describe, expect, it } from "vitest";
import { job } from "../jobs/factories.ts";
import { createLeaving } from "./leave.ts";
import type { UploadFile } from "./upload-file.ts";

const chosen = { name: "a.mp4", sizeBytes: 1000, signal: new AbortController().signal };
const done = (key: string): UploadFile => ({
  ...{ ...chosen, key, status: "done", uploadId: "upl_1" },
  jobId: `job_${key}`,
});

/** The keys that leave at once and after ten seconds, with jobs of this status. */
function leaving(files: UploadFile[], jobOf: Parameters<typeof createLeaving>[0]) {
  const due = createLeaving(jobOf);
  return [0, 9_999, 10_000].map((nowMs) => due(files, nowMs));
}

describe("a finished row", () => {
  it.each(["submitted", "progressing", "checking", "complete", "canceled"] as const)(
    "leaves after ten seconds if its job is %s",
    (status) => {
      expect(leaving([done("a")], () => job({ status }))).toEqual([[], [], ["a"]]);
    },
  );

  it.each(["received", "rejected", "error"] as const)("stays if its job is %s", (status) => {
    expect(leaving([done("a")], () => job({ status }))).toEqual([[], [], []]);
  });

  it("stays while its job is not known, and leaves if it was deleted", () => {
    expect(leaving([done("a")], () => undefined)).toEqual([[], [], []]);
    expect(leaving([done("a")], () => "deleted")).toEqual([[], [], ["a"]]);
  });

  it("leaves ten seconds after a person can see it, and not if its job fails until then", () => {
    let status: "progressing" | "error" = "progressing";
    const due = createLeaving(() => job({ status }));
    expect(due([done("a")], 0)).toEqual([]);
    // The tab is hidden.
    expect(due([], 9_000)).toEqual([]);
    expect(due([done("a")], 12_000)).toEqual([]);
    status = "error";
    expect(due([done("a")], 22_000)).toEqual([]);
    status = "progressing";
    expect(due([done("a")], 23_000)).toEqual([]);
    expect(due([done("a")], 33_000)).toEqual(["a"]);
  });
});

it("keeps files that failed, were canceled or are under way", () => {
  const files: UploadFile[] = [
    { ...chosen, key: "a", status: "failed", problem: { type: "damaged" }, sentBytes: 0 },
    { ...chosen, key: "b", status: "canceled" },
    { ...chosen, key: "c", status: "paused", sentBytes: 0 },
    { ...chosen, key: "d", status: "finishing", uploadId: "upl_1" },
  ];
  expect(leaving(files, () => job({ status: "complete" }))).toEqual([[], [], []]);
});
