import * as z from "zod";

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
export const SimpleMessage = z.strictObject({
  Subject: Text,
  Body: z.strictObject({ Text: Text.optional(), Html: Text.optional() }),
  Headers: z.array(Header).max(15).default([]),
  Attachments: z.array(Attachment).default([]),
});
/** SendEmail's request. It is strict: an unknown parameter is rejected by its name. */
export const SendEmailRequest = z.strictObject({
  FromEmailAddress: z.string().optional(),
  Destination: z
    .strictObject({ ToAddresses: Addresses, CcAddresses: Addresses, BccAddresses: Addresses })
    .partial()
    .default({}),
  ReplyToAddresses: Addresses,
  FeedbackForwardingEmailAddress: z.string().optional(),
  Content: z.strictObject({
    Simple: SimpleMessage.optional(),
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
export type SendEmailRequest = z.infer<typeof SendEmailRequest>;
