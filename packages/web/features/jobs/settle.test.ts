import { describe, expect, it } from "vitest";
import { event, job } from "./factories.ts";
import { pollMs, settlePollMs } from "./settle.ts";

const ENDED = "2026-01-01T12:00:00.000Z";
const at = (seconds: number) => Date.parse(ENDED) + seconds * 1000;
const ended = job({ status: "complete", updated: ENDED });

describe("asking again about a job", () => {
  it("goes on while the job moves, however long it takes", () => {
    expect(settlePollMs({ job: job({ status: "progressing" }), events: [] }, at(86_400))).toBe(
      1_000,
    );
  });

  it("waits for the mail after the end, but not for ever", () => {
    expect(settlePollMs({ job: ended, events: [] }, at(5))).toBe(2_000);
    expect(settlePollMs({ job: ended, events: [] }, at(3_600))).toBe(false);
  });

  it("stops once the mail of this attempt has arrived, not when it is on its way", () => {
    const sent = event({ type: "mail.sent", at: 0 });
    expect(settlePollMs({ job: ended, events: [sent] }, at(5))).toBe(2_000);
    const mail = event({ type: "mail.delivered", at: 0 });
    expect(settlePollMs({ job: ended, events: [mail] }, at(5))).toBe(false);
    expect(settlePollMs({ job: { ...ended, attempt: 2 }, events: [mail] }, at(5))).toBe(2_000);
  });

  it("ends for a job that is gone, in every tab, and while this page deletes it", () => {
    const moving = { job: job({ status: "progressing" }), events: [] };
    const asking = { paused: false, leaving: false, gone: false };
    expect(pollMs(moving, asking, at(0))).toBe(1_000);
    for (const reason of ["paused", "leaving", "gone"] as const) {
      expect(pollMs(moving, { ...asking, [reason]: true }, at(0))).toBe(false);
    }
  });

  it("asks nothing before there is an answer", () => {
    expect(settlePollMs(undefined, at(0))).toBe(false);
  });
});
