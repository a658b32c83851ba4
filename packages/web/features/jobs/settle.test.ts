import { describe, expect, it } from "vitest";
import { event, job } from "./factories.ts";
import { pollMs, settlePollMs } from "./settle.ts";

const ENDED = "2026-01-01T12:00:00.000Z";
const at = (seconds: number) => Date.parse(ENDED) + seconds * 1000;
const ended = job({ status: "complete", updated: ENDED });

describe("settlePollMs", () => {
  it("polls for as long as the job is in flight", () => {
    expect(settlePollMs({ job: job({ status: "progressing" }), events: [] }, at(86_400))).toBe(
      1_000,
    );
  });

  it("waits for the mail after the end, up to a limit", () => {
    expect(settlePollMs({ job: ended, events: [] }, at(5))).toBe(2_000);
    expect(settlePollMs({ job: ended, events: [] }, at(3_600))).toBe(false);
  });

  it("stops once the mail of this attempt was delivered, not once it was sent", () => {
    const sent = event({ type: "mail.sent", at: 0 });
    expect(settlePollMs({ job: ended, events: [sent] }, at(5))).toBe(2_000);
    const mail = event({ type: "mail.delivered", at: 0 });
    expect(settlePollMs({ job: ended, events: [mail] }, at(5))).toBe(false);
    expect(settlePollMs({ job: { ...ended, attempt: 2 }, events: [mail] }, at(5))).toBe(2_000);
  });

  it("stops for a deleted job, and while this page deletes it", () => {
    const moving = { job: job({ status: "progressing" }), events: [] };
    const asking = { paused: false, leaving: false, gone: false };
    expect(pollMs(moving, asking, at(0))).toBe(1_000);
    for (const reason of ["paused", "leaving", "gone"] as const) {
      expect(pollMs(moving, { ...asking, [reason]: true }, at(0))).toBe(false);
    }
  });

  it("does not poll before the first response", () => {
    expect(settlePollMs(undefined, at(0))).toBe(false);
  });
});
