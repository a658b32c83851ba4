import { STATUSES } from "@rushes/core/job/status";
import { describe, expect, it } from "vitest";
import { canRetry } from "./failure-view.ts";
import { statusAnnouncement } from "./status-announcement.ts";
import { statusSentence, timeLeft } from "./status-sentence.ts";
import * as View from "./status-view.ts";

describe("statusLabel", () => {
  it("gives each status a different label", () => {
    const words = STATUSES.map(View.statusLabel);
    expect(new Set(words).size).toBe(STATUSES.length);
  });
});

describe("the progress bar", () => {
  it("is hidden once a job has ended", () => {
    for (const status of ["complete", "error", "canceled", "rejected"] as const) {
      expect(View.progressBar({ status, progressPercent: 60 })).toEqual({ kind: "none" });
    }
  });

  it("shows no figure before the encoder reports one", () => {
    expect(View.progressBar({ status: "received", progressPercent: 0 })).toEqual({
      kind: "waiting",
    });
    expect(View.progressBar({ status: "progressing", progressPercent: 0 })).toEqual({
      kind: "waiting",
    });
  });

  it("shows no figure while the renditions are checked", () => {
    const job = { status: "checking", progressPercent: 99, landed: ["720p"] } as const;
    expect(View.progressBar(job)).toEqual({ kind: "waiting" });
    expect(statusSentence({ ...job, landed: [...job.landed] })).toBe(
      "Encoded. The renditions are being checked. One rendition is ready to play.",
    );
  });

  it("shows the encoder's figure", () => {
    expect(View.progressBar({ status: "progressing", progressPercent: 42 })).toEqual({
      kind: "percent",
      percent: 42,
    });
  });
});

describe("canRetry and canCancel", () => {
  it("never allow retry and cancel together", () => {
    for (const status of STATUSES) {
      expect(View.canCancel(status) && canRetry({ status })).toBe(false);
    }
    expect(canRetry({ status: "complete" })).toBe(false);
    expect(canRetry({ status: "canceled" })).toBe(true);
    expect(View.canCancel("submitted")).toBe(true);
  });

  it("do not allow a retry of a file that can only be rejected again", () => {
    const truncated = { type: "source.truncated" } as const;
    const tooLong = { type: "source.too_long", durationSeconds: 90, limitSeconds: 60 } as const;
    expect(canRetry({ status: "rejected", failure: truncated })).toBe(false);
    expect(canRetry({ status: "rejected", failure: tooLong })).toBe(true);
  });

  it("report a list in flight while one job has not ended", () => {
    expect(View.anyInFlight([{ status: "complete" }, { status: "submitted" }])).toBe(true);
    expect(View.anyInFlight([{ status: "complete" }, { status: "error" }])).toBe(false);
    expect(View.anyInFlight([])).toBe(false);
  });
});

describe("the time left", () => {
  const time = (seconds: number) => ({
    created: "2026-01-01T00:00:00.000Z",
    started: "2026-01-01T00:00:00.000Z",
    updated: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
  });

  it("assumes that the encode continues at its pace", () => {
    const job = { status: "progressing", progressPercent: 25, time: time(20) } as const;
    expect(timeLeft(job)).toBe("About 1 min left.");
    expect(timeLeft({ ...job, progressPercent: 80 })).toBe("About 5 s left.");
  });

  it("is not shown before there is a pace, while the encoder waits, and at the end", () => {
    const job = { status: "progressing", progressPercent: 50, time: time(20) } as const;
    expect(timeLeft({ ...job, progressPercent: 1 })).toBe("");
    expect(timeLeft({ ...job, waiting: "disk" })).toBe("");
    expect(timeLeft({ ...job, status: "checking" })).toBe("");
    expect(timeLeft({ ...job, time: { ...job.time, started: undefined } })).toBe("");
  });
});

describe("the announcement", () => {
  it("does not count the poster as a rendition", () => {
    const job = { status: "progressing", progressPercent: 30, landed: ["poster", "720p"] } as const;
    expect(statusSentence({ ...job, landed: [...job.landed] })).toBe(
      "Encoding, 30 percent done. One rendition is ready to play.",
    );
  });

  it("says that a growing video can be watched", () => {
    const job = { status: "progressing", progressPercent: 30, landed: ["hls"] } as const;
    expect(statusSentence({ ...job, landed: [...job.landed] })).toBe(
      "Encoding, 30 percent done. You can already watch the encoded part.",
    );
  });

  it("covers only ends that happened on this page", () => {
    expect(statusAnnouncement("progressing", { status: "complete", title: "Dailies" })).toBe(
      "\u2068Dailies\u2069 is ready.",
    );
    expect(
      statusAnnouncement("received", { status: "progressing", title: "Dailies" }),
    ).toBeUndefined();
    expect(
      statusAnnouncement("complete", { status: "complete", title: "Dailies" }),
    ).toBeUndefined();
    expect(statusAnnouncement(undefined, { status: "complete", title: "Dailies" })).toBeUndefined();
  });
});
