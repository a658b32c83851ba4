/** Composes the bytes of a message from a SendEmail request. */
import MailComposer from "nodemailer/lib/mail-composer";
import PostalMime from "postal-mime";
import type * as z from "zod";
import { ServiceError } from "../wire/service-error.ts";
import { CONFIGURATION_SET } from "./events.ts";
import { type Mailbox, parseMailbox } from "./mailbox.ts";
import { SendEmailRequest, type SimpleMessage } from "./schema.ts";

/** SES's quotas: 50 recipients and 40 MB after encoding. */
const MAX_RECIPIENTS = 50;
export const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;

/** A message to store: trace headers with the envelope, then what the recipient gets. */
export interface ComposedMessage {
  recipients: string[];
  bytes: Uint8Array;
  from: string;
  subject: string;
  tags: { Name: string; Value: string }[];
  /** SES puts events on the bus only for mails with a configuration set. */
  hasConfigurationSet: boolean;
}

/**
 * Composes the message of a SendEmail request.
 *
 * @param id SES's message id, which also becomes the Message-ID
 * @throws ServiceError with SES's code; the message names an unsupported parameter
 */
export async function composeMessage(body: unknown, id: string): Promise<ComposedMessage> {
  const request = parse(body);
  const { Simple, Raw } = request.Content;
  if (Simple) {
    const bytes = await composeSimple(request, Simple, id);
    const message = addEnvelope(request.FromEmailAddress ?? "", recipientsOf(request), bytes);
    return { ...message, ...tracking(request), subject: Simple.Subject.Data };
  }
  return { ...(await composeRaw(request, Raw?.Data ?? "")), ...tracking(request) };
}

const tracking = ({ EmailTags, ConfigurationSetName }: SendEmailRequest) => ({
  tags: EmailTags,
  hasConfigurationSet: ConfigurationSetName !== undefined,
});

function parse(body: unknown): SendEmailRequest {
  const result = SendEmailRequest.safeParse(body);
  if (!result.success) {
    const sentences = result.error.issues.map((issue) =>
      issue.code === "unrecognized_keys"
        ? `${[...issue.path, issue.keys.join(", ")].join(".")} is not supported on one machine.`
        : `${issue.path.join(".") || "The request"}: ${issue.message}.`,
    );
    throw new ServiceError("BadRequestException", sentences.join(" "));
  }
  const request = result.data;
  if (![undefined, CONFIGURATION_SET].includes(request.ConfigurationSetName)) {
    throw new ServiceError(
      "NotFoundException",
      `Configuration set <${request.ConfigurationSetName}> does not exist.`,
      404,
    );
  }
  if (request.ListManagementOptions !== undefined) {
    throw new ServiceError(
      "NotFoundException",
      "Contact lists are not supported on one machine.",
      404,
    );
  }
  const { Simple, Raw, Template } = request.Content;
  if (Template !== undefined) {
    throw new ServiceError(
      "BadRequestException",
      "Content.Template is not supported on one machine; send Content.Simple or Content.Raw.",
    );
  }
  if ((Simple === undefined) === (Raw === undefined)) {
    throw new ServiceError(
      "BadRequestException",
      "Content needs exactly one of Simple, Raw and Template.",
    );
  }
  return request;
}

function recipientsOf({ Destination }: SendEmailRequest): Mailbox[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination;
  return [...ToAddresses, ...CcAddresses, ...BccAddresses].map(parseMailbox);
}

/** Nodemailer would parse a text again. Given the parts, it quotes them correctly. */
const mailboxes = (texts: string[] | undefined) => (texts ?? []).map(parseMailbox);

async function composeSimple(
  request: SendEmailRequest,
  message: z.infer<typeof SimpleMessage>,
  id: string,
): Promise<Uint8Array> {
  if (request.FromEmailAddress === undefined) {
    throw new ServiceError("BadRequestException", "FromEmailAddress is missing.");
  }
  const { Text: text, Html: html } = message.Body;
  if (!text && !html) {
    throw new ServiceError("BadRequestException", "Content.Simple.Body needs Text or Html.");
  }
  if (/[\r\n]/.test(message.Subject.Data)) {
    throw new ServiceError("BadRequestException", "The subject contains a line break.");
  }
  return new MailComposer({
    messageId: `<${id}@email.amazonses.com>`,
    from: parseMailbox(request.FromEmailAddress),
    to: mailboxes(request.Destination.ToAddresses),
    cc: mailboxes(request.Destination.CcAddresses),
    replyTo: mailboxes(request.ReplyToAddresses),
    subject: message.Subject.Data,
    text: text?.Data,
    html: html?.Data,
    headers: [
      ...message.Headers.map(({ Name, Value }) => ({ key: Name, value: Value })),
      ...request.EmailTags.map(({ Name, Value }) => ({
        key: "X-SES-MESSAGE-TAGS",
        value: `${Name}=${Value}`,
      })),
    ],
    attachments: message.Attachments.map((attachment) => ({
      filename: attachment.FileName,
      content: Buffer.from(attachment.RawContent, "base64"),
      contentType: attachment.ContentType,
      contentDisposition: attachment.ContentDisposition.toLowerCase(),
      cid: attachment.ContentId,
      headers: attachment.ContentDescription
        ? { "Content-Description": attachment.ContentDescription }
        : undefined,
    })),
    // A message must not read files of this machine.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** Keeps a raw message unchanged except for the Bcc header, which SES removes too. */
async function composeRaw(
  request: SendEmailRequest,
  data: string,
): Promise<EnvelopedMessage & { subject: string }> {
  const bytes = Buffer.from(data, "base64");
  const parsed = await PostalMime.parse(bytes);
  const from = request.FromEmailAddress ?? parsed.from?.address ?? "";
  if (from === "") {
    throw new ServiceError("BadRequestException", "The raw message has no From header.");
  }
  const stated = recipientsOf(request);
  const inside = [...(parsed.to ?? []), ...(parsed.cc ?? []), ...(parsed.bcc ?? [])]
    .flatMap((entry) => entry.group ?? [entry])
    .map((entry) => parseMailbox(entry.address ?? ""));
  const message = addEnvelope(from, stated.length > 0 ? stated : inside, withoutBcc(bytes));
  return { ...message, subject: parsed.subject ?? "" };
}

function withoutBcc(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text.slice(0, end).replace(/^bcc:.*(\r?\n[ \t].*)*\r?\n?/gim, "");
  return Buffer.from(head.replace(/\r?\n$/, "") + text.slice(end), "latin1");
}

type EnvelopedMessage = Pick<ComposedMessage, "recipients" | "bytes" | "from">;

/** Checks SES's quotas, and prepends the sender and the recipients as trace headers. */
function addEnvelope(from: string, recipients: Mailbox[], message: Uint8Array): EnvelopedMessage {
  if (recipients.length === 0) {
    throw new ServiceError("BadRequestException", "The message has no recipient.");
  }
  if (recipients.length > MAX_RECIPIENTS) {
    throw new ServiceError("BadRequestException", `Recipient count exceeds ${MAX_RECIPIENTS}.`);
  }
  if (message.length > MAX_MESSAGE_BYTES) {
    throw new ServiceError(
      "MessageRejected",
      `Message length is more than ${MAX_MESSAGE_BYTES} bytes long: '${message.length}'.`,
    );
  }
  const addresses = recipients.map(({ address }) => address);
  const trace = [
    `Return-Path: <${parseMailbox(from).address}>`,
    ...addresses.map((address) => `Delivered-To: ${address}`),
  ].join("\r\n");
  return {
    recipients: addresses,
    from,
    bytes: Buffer.concat([Buffer.from(`${trace}\r\n`, "latin1"), message]),
  };
}
