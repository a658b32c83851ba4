/**
 * The events that SES puts on the bus for mails of a configuration set, in SES's format.
 * https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html
 */
import { randomUUID } from "node:crypto";
import type { BusEvent } from "../lambda/bus-event.ts";
import { ACCOUNT_ID, arn } from "../wire/account.ts";

/** The only configuration set. Its events go to the bus. */
export const CONFIGURATION_SET = "rushes";

/** A mail that SendEmail accepted. */
export interface AcceptedMail {
  id: string;
  from: string;
  recipients: string[];
  subject: string;
  tags: { Name: string; Value: string }[];
}

/**
 * The events of one mail. It is in the inbox, so it counts as delivered. The addresses of SES's mailbox
 * simulator work as on AWS: `bounce@` and `complaint@simulator.amazonses.com`, with any `+label`.
 */
export function mailEvents(mail: AcceptedMail, region: string, now = new Date()): BusEvent[] {
  const timestamp = now.toISOString();
  const bounced = mail.recipients.filter(isSimulated("bounce", "suppressionlist"));
  const complained = mail.recipients.filter(isSimulated("complaint"));
  const delivered = mail.recipients.filter((one) => !bounced.includes(one));
  const event = (type: string, eventType: string, body: object): BusEvent => ({
    version: "0",
    id: randomUUID(),
    "detail-type": type,
    source: "aws.ses",
    account: ACCOUNT_ID,
    time: `${timestamp.slice(0, 19)}Z`,
    region,
    resources: [arn("ses", region, `configuration-set/${CONFIGURATION_SET}`)],
    detail: { eventType, mail: mailDetail(mail, region, timestamp), ...body },
  });
  const events: BusEvent[] = [];
  if (bounced.length > 0) {
    const bounce = {
      bounceType: "Permanent",
      bounceSubType: "General",
      bouncedRecipients: bounced.map((emailAddress) => ({
        emailAddress,
        action: "failed",
        status: "5.1.1",
        diagnosticCode: "smtp; 550 5.1.1 user unknown",
      })),
      timestamp,
      feedbackId: mail.id,
      reportingMTA: "dsn; localhost",
    };
    events.push(event("Email Bounced", "Bounce", { bounce }));
  }
  if (delivered.length > 0) {
    const delivery = {
      timestamp,
      processingTimeMillis: 0,
      recipients: delivered,
      smtpResponse: "250 2.6.0 Message received",
      reportingMTA: "localhost",
    };
    events.push(event("Email Delivered", "Delivery", { delivery }));
  }
  if (complained.length > 0) {
    const complaint = {
      complainedRecipients: complained.map((emailAddress) => ({ emailAddress })),
      timestamp,
      feedbackId: mail.id,
      complaintSubType: null,
      complaintFeedbackType: "abuse",
      arrivalDate: timestamp,
    };
    events.push(event("Email Complaint Received", "Complaint", { complaint }));
  }
  return events;
}

const isSimulated =
  (...names: string[]) =>
  (address: string) =>
    new RegExp(`^(${names.join("|")})(\\+[^@]*)?@simulator\\.amazonses\\.com$`, "i").test(address);

function mailDetail(mail: AcceptedMail, region: string, timestamp: string) {
  const { id, from, recipients, subject, tags } = mail;
  const domain = from.replace(/^.*@/, "").replace(/>$/, "");
  const values = new Map<string, string[]>();
  for (const { Name, Value } of tags) values.set(Name, [...(values.get(Name) ?? []), Value]);
  return {
    timestamp,
    source: from,
    messageId: id,
    sendingAccountId: ACCOUNT_ID,
    sourceArn: arn("ses", region, `identity/${domain}`),
    destination: recipients,
    headersTruncated: false,
    headers: [
      { name: "From", value: from },
      { name: "To", value: recipients.join(", ") },
      { name: "Subject", value: subject },
    ],
    commonHeaders: { from: [from], to: recipients, messageId: id, subject },
    tags: {
      "ses:operation": ["SendEmail"],
      "ses:configuration-set": [CONFIGURATION_SET],
      "ses:source-ip": ["127.0.0.1"],
      "ses:from-domain": [domain],
      "ses:caller-identity": ["rushes"],
      ...Object.fromEntries(values),
    },
  };
}
