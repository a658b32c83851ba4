/** From a SendEmail request to the bytes of one message. */
import MailComposer from "nodemailer/lib/mail-composer";
import PostalMime from "postal-mime";
import * as z from "zod";
import { type Mailbox, parseAddress } from "./address.ts";
import { MailError } from "./error.ts";
import { CONFIGURATION_SET } from "./events.ts";

/** SES's quotas: 50 recipients and 40 MB after encoding. */
const MAX_RECIPIENTS = 50;
export const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;

const Text = z.strictObject({ Data: z.string(), Charset: z.string().optional() });
const Addresses = z.array(z.string()).default([]);
const Attachment = z.strictObject({
  RawContent: z.base64(),
  FileName: z.string().min(1).max(255),
  ContentDisposition: z.enum(["ATTACHMENT", "INLINE"]).default("ATTACHMENT"),
  ContentDescription: z.string().optional(),
  ContentId: z.string().min(1).max(78).optional(),
  ContentTransferEncoding: z.enum(["BASE64", "QUOTED_PRINTABLE", "SEVEN_BIT"]).optional(),
  ContentType: z.string().optional(),
});
const Header = z.strictObject({
  Name: z.string().regex(/^[!-9;-~]{1,126}$/),
  Value: z.string().max(870),
});
const Simple = z.strictObject({
  Subject: Text,
  Body: z.strictObject({ Text: Text.optional(), Html: Text.optional() }),
  Headers: z.array(Header).max(15).default([]),
  Attachments: z.array(Attachment).default([]),
});
const Request = z.strictObject({
  FromEmailAddress: z.string().optional(),
  Destination: z
    .strictObject({ ToAddresses: Addresses, CcAddresses: Addresses, BccAddresses: Addresses })
    .partial()
    .default({}),
  ReplyToAddresses: Addresses,
  FeedbackForwardingEmailAddress: z.string().optional(),
  Content: z.strictObject({
    Simple: Simple.optional(),
    Raw: z.strictObject({ Data: z.base64() }).optional(),
    Template: z.unknown().optional(),
  }),
  EmailTags: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[\w-]{1,256}$/),
        Value: z.string().regex(/^[\w.@-]{1,256}$/),
      }),
    )
    .default([]),
  ConfigurationSetName: z.string().optional(),
  ListManagementOptions: z.unknown().optional(),
});
type Request = z.infer<typeof Request>;

/** One message as it is kept: the envelope in trace headers, then what the recipient gets. */
export interface Composed {
  recipients: string[];
  bytes: Uint8Array;
  from: string;
  subject: string;
  tags: { Name: string; Value: string }[];
  /** Whether the bus hears what becomes of it. */
  isFollowed: boolean;
}

/**
 * Composes the message of a SendEmail request.
 *
 * @param id SES's message id, which also becomes the Message-ID.
 * @throws MailError as SES answers; what this home does not do is named and refused.
 */
export async function compose(body: unknown, id: string): Promise<Composed> {
  const request = parse(body);
  const { Simple, Raw } = request.Content;
  if (Simple) {
    const bytes = await simple(request, Simple, id);
    const sealed = seal(request.FromEmailAddress ?? "", recipientsOf(request), bytes);
    return { ...sealed, ...followed(request), subject: Simple.Subject.Data };
  }
  return { ...(await raw(request, Raw?.Data ?? "")), ...followed(request) };
}

const followed = ({ EmailTags, ConfigurationSetName }: Request) => ({
  tags: EmailTags,
  isFollowed: ConfigurationSetName !== undefined,
});

function parse(body: unknown): Request {
  const result = Request.safeParse(body);
  if (!result.success) {
    const sentences = result.error.issues.map((issue) =>
      issue.code === "unrecognized_keys"
        ? `${[...issue.path, issue.keys.join(", ")].join(".")} is not supported on one machine.`
        : `${issue.path.join(".") || "The request"}: ${issue.message}.`,
    );
    throw new MailError("BadRequestException", sentences.join(" "));
  }
  const request = result.data;
  if (![undefined, CONFIGURATION_SET].includes(request.ConfigurationSetName)) {
    throw new MailError(
      "NotFoundException",
      `Configuration set <${request.ConfigurationSetName}> does not exist.`,
    );
  }
  if (request.ListManagementOptions !== undefined) {
    throw new MailError("NotFoundException", "There are no contact lists on one machine.");
  }
  const { Simple, Raw, Template } = request.Content;
  if (Template !== undefined) {
    throw new MailError(
      "BadRequestException",
      "Content.Template is not supported on one machine; send Content.Simple or Content.Raw.",
    );
  }
  if ((Simple === undefined) === (Raw === undefined)) {
    throw new MailError(
      "BadRequestException",
      "Content needs exactly one of Simple, Raw and Template.",
    );
  }
  return request;
}

function recipientsOf({ Destination }: Request): Mailbox[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination;
  return [...ToAddresses, ...CcAddresses, ...BccAddresses].map(parseAddress);
}

/** Nodemailer takes an address apart again if it gets text; given in parts it is quoted correctly. */
const mailboxes = (texts: string[] | undefined) => (texts ?? []).map(parseAddress);

async function simple(
  request: Request,
  message: z.infer<typeof Simple>,
  id: string,
): Promise<Uint8Array> {
  if (request.FromEmailAddress === undefined) {
    throw new MailError("BadRequestException", "FromEmailAddress is missing.");
  }
  const { Text: text, Html: html } = message.Body;
  if (!text && !html) {
    throw new MailError("BadRequestException", "Content.Simple.Body needs Text or Html.");
  }
  if (/[\r\n]/.test(message.Subject.Data)) {
    throw new MailError("BadRequestException", "The subject contains a line break.");
  }
  return new MailComposer({
    messageId: `<${id}@email.amazonses.com>`,
    from: parseAddress(request.FromEmailAddress),
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
    // A message must not read files of this machine, whatever its text says.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** A raw message goes as it is, but for the Bcc header, which SES takes away too. */
async function raw(request: Request, data: string): Promise<Sealed & { subject: string }> {
  const bytes = Buffer.from(data, "base64");
  const parsed = await PostalMime.parse(bytes);
  const from = request.FromEmailAddress ?? parsed.from?.address ?? "";
  if (from === "") {
    throw new MailError("BadRequestException", "The raw message has no From header.");
  }
  const stated = recipientsOf(request);
  const inside = [...(parsed.to ?? []), ...(parsed.cc ?? []), ...(parsed.bcc ?? [])]
    .flatMap((entry) => entry.group ?? [entry])
    .map((entry) => parseAddress(entry.address ?? ""));
  const sealed = seal(from, stated.length > 0 ? stated : inside, withoutBcc(bytes));
  return { ...sealed, subject: parsed.subject ?? "" };
}

function withoutBcc(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text.slice(0, end).replace(/^bcc:.*(\r?\n[ \t].*)*\r?\n?/gim, "");
  return Buffer.from(head.replace(/\r?\n$/, "") + text.slice(end), "latin1");
}

type Sealed = Pick<Composed, "recipients" | "bytes" | "from">;

function seal(from: string, recipients: Mailbox[], message: Uint8Array): Sealed {
  if (recipients.length === 0) {
    throw new MailError("BadRequestException", "The message has no recipient.");
  }
  if (recipients.length > MAX_RECIPIENTS) {
    throw new MailError("BadRequestException", `Recipient count exceeds ${MAX_RECIPIENTS}.`);
  }
  if (message.length > MAX_MESSAGE_BYTES) {
    throw new MailError(
      "MessageRejected",
      `Message length is more than ${MAX_MESSAGE_BYTES} bytes long: '${message.length}'.`,
    );
  }
  const addresses = recipients.map(({ address }) => address);
  const trace = [
    `Return-Path: <${parseAddress(from).address}>`,
    ...addresses.map((address) => `Delivered-To: ${address}`),
  ].join("\r\n");
  return {
    recipients: addresses,
    from,
    bytes: Buffer.concat([Buffer.from(`${trace}\r\n`, "latin1"), message]),
  };
}
