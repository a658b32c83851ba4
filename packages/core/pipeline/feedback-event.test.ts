import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFeedback, tagsOf } from "./feedback-event.ts";

const EVENTS = join(import.meta.dirname, "../../functions/events");
const sample = (name: string) => JSON.parse(readFileSync(join(EVENTS, `${name}.json`), "utf8"));
const of = { jobId: "job_01KAP0000000000000000000AB", attempt: 1 };

test("each event of SES that was recorded tells what became of which mail", () => {
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

test("what may pass by itself holds no address: a full mailbox, a mail taken out of the spam", () => {
  const bounced = sample("mail-bounced");
  bounced.detail.bounce.bounceType = "Transient";
  const complained = sample("mail-complained");
  complained.detail.complaint.complaintFeedbackType = "not-spam";
  expect(parseFeedback(bounced)?.suppresses).toBeUndefined();
  expect(parseFeedback(complained)?.suppresses).toBeUndefined();
});

test("a mail that no job of ours sent is nobody's", () => {
  const event = sample("mail-delivered");
  event.detail.mail.tags = { "ses:operation": ["SendEmail"] };
  expect(parseFeedback(event)).toBeUndefined();
});

test("what a foreign server says neither fills a row nor breaks a line", () => {
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

test("every tag that we send is one that SES takes", () => {
  for (const { Name, Value } of tagsOf({ jobId: of.jobId as never, attempt: 12 })) {
    expect(`${Name}${Value}`).toMatch(/^[\w-]{1,256}$/);
  }
});
