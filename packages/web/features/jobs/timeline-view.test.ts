import { EVENT_TYPES } from "@rushes/core/job/schema";
import { describe, expect, it } from "vitest";
import { event } from "./factories.ts";
import { stepSentence, timelineView } from "./timeline-view.ts";

describe("a job's timeline", () => {
  it("shows why a mail bounced, in the mail server's words", () => {
    const detail = { reason: "smtp; 550 5.1.1 user unknown." };
    expect(stepSentence(event({ type: "mail.bounced", at: 0, detail }))).toBe(
      "Mail bounced: smtp; 550 5.1.1 user unknown",
    );
    const step = timelineView([event({ type: "mail.bounced", at: 0, detail })]).attempts[0]
      ?.steps[0];
    expect(step?.tone).toBe("danger");
  });

  it("is in order of time, with the spans between steps", () => {
    const view = timelineView([
      event({ n: 4, type: "source.checked", at: 2_410 }),
      event({ n: 3, type: "source.received", at: 2_400 }),
      event({ n: 1, type: "upload.created", at: 0 }),
      event({ n: 2, type: "upload.completed", at: 2_000 }),
    ]);
    expect(view.attempts).toHaveLength(1);
    expect(view.attempts[0]?.steps.map((step) => [step.sentence, step.after])).toEqual([
      ["Upload started", undefined],
      ["Upload finished", "2 s"],
      ["Video received", "0.4 s"],
      ["Source checked", undefined],
    ]);
    expect(view.total).toBe("2.4 s");
  });

  it("separates attempts, even if an event of the old one is late", () => {
    const view = timelineView([
      event({ n: 1, type: "job.error", at: 0 }),
      event({ n: 2, type: "job.retried", at: 1_000, attempt: 2 }),
      event({ n: 3, type: "mail.sent", at: 1_500, detail: { to: "you@example.com" } }),
    ]);
    expect(
      view.attempts.map(({ attempt, steps }) => [attempt, steps.map((step) => step.sentence)]),
    ).toEqual([
      [1, ["Encoding failed", "Mail sent to you@example.com"]],
      [2, ["Attempt 2 started"]],
    ]);
  });

  it("totals the pipeline's time without renames, late mail events and waits for a retry", () => {
    const hour = 3_600_000;
    const made = [
      event({ type: "upload.created", at: 0 }),
      event({ type: "job.error", at: 4_000 }),
      event({ type: "job.retried", at: hour, attempt: 2 }),
      event({ type: "mail.sent", at: hour + 3_000, attempt: 2 }),
    ];
    expect(timelineView(made).total).toBe("7 s");
    const later = [
      event({ type: "job.renamed", at: 2 * hour, attempt: 2 }),
      event({ type: "mail.complained", at: 3 * hour, attempt: 2 }),
    ];
    expect(timelineView([...made, ...later]).total).toBe("7 s");
  });

  it("is in the pipeline's order within a millisecond, with any ids", () => {
    const view = timelineView([
      event({ n: 1, type: "job.submitted", at: 0 }),
      event({ n: 2, type: "source.checked", at: 0 }),
      event({ n: 3, type: "source.received", at: 0 }),
    ]);
    expect(view.attempts[0]?.steps.map(({ sentence }) => sentence)).toEqual([
      "Video received",
      "Source checked",
      "Queued for encoding",
    ]);
  });

  it("names each size of an attempt once, by the true size of the file", () => {
    const landed = (label: string, height: number, attempt = 1) =>
      event({
        type: "rendition.landed",
        at: 1000,
        attempt,
        detail: { label, sizeBytes: 1, width: 64, height },
      });
    const view = timelineView([
      landed("1080p", 64),
      landed("720p", 64),
      landed("web-720p", 36),
      landed("1080p", 64, 2),
    ]);
    expect(view.attempts.map(({ steps }) => steps.map(({ sentence }) => sentence))).toEqual([
      ["64p ready", "36p ready"],
      ["64p ready"],
    ]);
  });

  it("has no total before there are two steps", () => {
    expect(timelineView([]).total).toBeUndefined();
    expect(timelineView([event({ type: "upload.created", at: 0 })]).total).toBeUndefined();
  });

  it("has a text for every type of step, with and without details", () => {
    for (const type of EVENT_TYPES) {
      expect(stepSentence(event({ type, at: 0 }))).toMatch(/^[A-Z].*[a-z0-9]$/);
    }
    expect(
      stepSentence(event({ type: "rendition.landed", at: 0, detail: { label: "720p" } })),
    ).toBe("720p ready");
    expect(stepSentence(event({ type: "rendition.landed", at: 0, detail: { label: "hls" } }))).toBe(
      "Adaptive stream ready",
    );
    expect(
      stepSentence(
        event({
          type: "source.checked",
          at: 0,
          detail: { width: 1920, height: 1080, durationSeconds: 31 },
        }),
      ),
    ).toBe("Source checked: 1920×1080, 0:31");
  });
});
