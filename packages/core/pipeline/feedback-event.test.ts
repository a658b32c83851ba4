import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFeedback, tagsOf } from "./feedback-event.ts";

const EVENTS = join(import.meta.dirname, "../../functions/events");
const sample = (name: string) => JSON.parse(readFileSync(join(EVENTS, `${name}.json`), "utf8"));
const of = { jobId: "job_01KAP0000000000000000000AB", attempt: 1 };

test("reads the job, the outcome and the reason from each recorded event of SES", () => {
  expect(parseFeedback(sample("mail-delivered"))).toEqual({
    ...{ ...of, type: "mail.delivered", time: "2026-11-22T12:00:12.133Z" },
    addresses: ["you@example.com"],
  });
  expect(parseFeedback(sample("mail-bounced"))).toEqual({
    ...{ ...of, type: "mail.bounced", time: "2026-11-22T12:00:13.669Z" },
    addresses: ["you@example.com"],
    ...{ reason: "smtp; 550 5.1.1 user unknown", suppresses: "bounced" },
  });
  expect(parseFeedback(sample("mail-complained"))).toEqual({
    ...{ ...of, type: "mail.complained", time: "2026-11-22T18:30:00.000Z" },
    addresses: ["you@example.com"],
    ...{ reason: "abuse", suppresses: "complained" },
  });
  expect(parseFeedback(sample("mail-rejected"))).toEqual({
    ...{ ...of, type: "mail.rejected", time: "2026-11-22T12:00:11.000Z" },
    ...{ addresses: [], reason: "Bad content" },
  });
});

test("suppresses no address for a full mailbox or a mail moved out of the spam folder", () => {
  const bounced = sample("mail-bounced");
  bounced.detail.bounce.bounceType = "Transient";
  const complained = sample("mail-complained");
  complained.detail.complaint.complaintFeedbackType = "not-spam";
  expect(parseFeedback(bounced)?.suppresses).toBeUndefined();
  expect(parseFeedback(complained)?.suppresses).toBeUndefined();
});

test("ignores a mail that is not about a job", () => {
  const event = sample("mail-delivered");
  event.detail.mail.tags = { "ses:operation": ["SendEmail"] };
  expect(parseFeedback(event)).toBeUndefined();
});

test("shortens a server's reason to one line of 300 characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (said) => {
      const event = sample("mail-bounced");
      event.detail.bounce.bouncedRecipients[0].diagnosticCode = said;
      const reason = parseFeedback(event)?.reason ?? "";
      expect(reason.length).toBeLessThanOrEqual(300);
      expect(reason).not.toMatch(/[\r\n]/);
    }),
  );
});

test("sends only tags that SES accepts", () => {
  for (const { Name, Value } of tagsOf({ jobId: of.jobId as never, attempt: 12 })) {
    expect(`${Name}${Value}`).toMatch(/^[\w-]{1,256}$/);
  }
});
