import type { JobId } from "@rushes/core/id";
import type { UploadProblem } from "@rushes/core/transfer/upload-error";
import { describe, expect, it } from "vitest";
import { job } from "../jobs/factories.ts";
import { start } from "./meter.ts";
import { initial } from "./state.ts";
import type { UploadFile } from "./upload-file.ts";
import { announcement, percent, repeatedSentence, row, timeLeft, total } from "./view.ts";

const chosen = { key: "a", name: "a.mp4", sizeBytes: 1000, signal: new AbortController().signal };

describe("a row", () => {
  it.each<[UploadProblem, boolean]>([
    [{ type: "empty" }, false],
    [{ type: "too_large" }, false],
    [{ type: "unreadable" }, false],
    [{ type: "damaged" }, true],
    [{ type: "storage_full" }, true],
    [{ type: "expired" }, true],
    [{ type: "denied" }, true],
  ])("for %j says what to do, and offers a retry only if it can help", (problem, again) => {
    const shown = row({ ...chosen, status: "failed", problem, sentBytes: 0 });
    expect(shown.text.split(/[.:] /).length).toBeGreaterThan(1);
    expect(shown.actions.includes("retry")).toBe(again);
    expect(shown.actions).toContain("dismiss");
  });

  it("shows the speed and time left of a running upload", () => {
    const meter = { ...start(0), bytesPerSecond: 100 };
    const shown = row({ ...chosen, status: "sending", uploadId: "upl", sentBytes: 500, meter });
    expect(shown.text).toBe("500 bytes of 1 kB · 100 bytes/s · about 5 s left");
    expect(shown.bar).toBe(50);
  });

  it("pauses a file that waits or is sent, and resumes or cancels a paused one", () => {
    const meter = start(0);
    const sending = {
      ...chosen,
      status: "sending",
      uploadId: "upl",
      sentBytes: 500,
      meter,
    } as const;
    for (const file of [{ ...chosen, status: "queued" } as const, sending]) {
      expect(row(file).actions).toEqual(["pause", "cancel"]);
    }
    expect(row({ ...chosen, status: "paused", sentBytes: 500 })).toEqual({
      ...{ text: "Paused · 500 bytes of 1 kB", tone: "quiet", bar: 50 },
      actions: ["resume", "cancel"],
    });
    expect(row({ ...chosen, status: "finishing", uploadId: "upl" }).actions).toEqual([]);
  });

  const done: UploadFile = { ...chosen, status: "done", uploadId: "upl", jobId: "job_1" };

  it("shows the failure of a job that was rejected or failed", () => {
    for (const status of ["rejected", "error"] as const) {
      const failureMessage = "This file is not a video.";
      const shown = row(done, { ...job({ status }), failureMessage });
      expect(shown).toMatchObject({ tone: "danger", text: failureMessage, jobHref: "/jobs/job_1" });
    }
  });

  it("follows the job to its end", () => {
    expect(row(done, job({ status: "progressing" }))).toMatchObject({
      ...{ tone: "quiet", text: expect.stringContaining("10 percent") },
    });
    expect(row(done, job({ status: "complete" })).tone).toBe("ok");
    expect(row(done).tone).toBe("quiet");
    expect(row(done, "deleted").jobHref).toBeUndefined();
  });

  it("links to the job as soon as it is known", () => {
    const file: UploadFile = { ...chosen, status: "done", uploadId: "upl", jobId: "job_1" };
    expect(row(file).jobHref).toBe("/jobs/job_1");
  });
});

it("leaves failed and canceled files out of the total", () => {
  const files: UploadFile[] = [
    { ...chosen, status: "done", uploadId: "upl" },
    { ...chosen, key: "b", status: "canceled" },
    { ...chosen, key: "c", status: "failed", problem: { type: "damaged" }, sentBytes: 3 },
  ];
  expect(total({ ...initial, files })).toMatchObject({
    percent: 100,
    title: "1 file uploaded",
  });
});

it("counts paused files apart from those that are uploaded", () => {
  const queued = { ...chosen, status: "queued" } as const;
  const paused = { ...chosen, status: "paused", sentBytes: 500 } as const;
  const done = { ...chosen, status: "done", uploadId: "upl" } as const;
  const of = (...files: UploadFile[]) => total({ ...initial, files });
  expect(of(queued, paused, done)?.title).toBe("Uploading 1 file, 1 paused, 1 done");
  expect(of(paused, done)).toMatchObject({
    title: "1 file paused, 1 done",
    percent: 75,
    running: 0,
  });
});

it("shows no speed and no time left while every file waits", () => {
  const meter = { ...start(0), bytesPerSecond: 100 };
  const sending = { ...chosen, status: "sending", uploadId: "upl", sentBytes: 500, meter } as const;
  const text = (files: UploadFile[]) => total({ ...initial, files, meter })?.text;
  expect(text([sending])).toBe("500 bytes of 1 kB · 100 bytes/s · about 5 s left");
  expect(text([{ ...sending, waiting: "signed_out" }])).toBe("500 bytes of 1 kB · signed out");
  expect(text([{ ...sending, waiting: "retry" }])).toBe("500 bytes of 1 kB · no connection");
  expect(text([{ ...sending, waiting: "offline" }, sending])).toMatch(/100 bytes\/s/);
  expect(row({ ...sending, waiting: "signed_out" }).text).toMatch(/signed out/);
});

it("rounds the time left", () => {
  expect([2, 12, 61, 3000, 3600, 9000].map(timeLeft)).toEqual([
    ...["a few seconds left", "about 10 s left", "about 1 min left", "about 50 min left"],
    ...["about 1 h left", "about 2 h 30 min left"],
  ]);
});

it("shows 100 % only when every byte is sent", () => {
  expect(percent(999_999, 1_000_000)).toBe(99);
});

describe("the announcement", () => {
  const done: UploadFile = { ...chosen, status: "done", uploadId: "upl" };
  it("is empty while files are uploading", () => {
    expect(announcement([{ ...chosen, status: "queued" }])).toBeUndefined();
  });
  it("is one sentence for several files", () => {
    expect(announcement([done])).toBe("\u2068a.mp4\u2069 is uploaded.");
    expect(announcement([done, done, { ...chosen, status: "canceled" }])).toBe(
      "2 files uploaded, 1 file canceled.",
    );
    expect(announcement([{ ...chosen, status: "paused", sentBytes: 5 }])).toBe(
      "\u2068a.mp4\u2069 is paused.",
    );
  });
});

it("names files that were chosen again, and counts the others", () => {
  expect(repeatedSentence([{ name: "a.mp4" }])).toBe(
    "You have already added a.mp4. It is not uploaded a second time.",
  );
  expect(repeatedSentence(["a", "b", "c", "d"].map((name) => ({ name })))).toBe(
    "You have already added a, b, c and 1 more. They are not uploaded a second time.",
  );
});

it("names files that are videos already, and when they were uploaded", () => {
  const video = { jobId: "job_1" as JobId, title: "a.mp4", created: "2026-11-28T12:00:00.000Z" };
  const day = /since Nov 2[789], 2026, \d+:\d\d [AP]M/;
  const said = (files: Parameters<typeof repeatedSentence>[0]) =>
    repeatedSentence(files).replaceAll("\u202f", " ").replace(day, "since then");
  expect(said([{ name: "a.mp4", video }])).toBe(
    "a.mp4 is among your videos already, since then. It is not uploaded a second time.",
  );
  expect(said([{ name: "a.mp4", video: { ...video, title: "Day 1" } }])).toBe(
    "a.mp4 is among your videos already as \u2068Day 1\u2069, since then. It is not uploaded a second time.",
  );
  expect(said([{ name: "a" }, { name: "b", video }, { name: "c", video }])).toBe(
    "You have already added a. b, c are among your videos already. They are not uploaded a second time.",
  );
});
