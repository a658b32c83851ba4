/** SES v2's API: SendEmail, the one operation that Rushes needs. */
import { randomUUID } from "node:crypto";
import type { BusEvent } from "../lambda/bus-event.ts";
import { parseJson, type Service } from "../wire/endpoint.ts";
import { type ErrorCodes, ServiceError } from "../wire/service-error.ts";
import { mailEvents } from "./events.ts";
import { composeMessage, MAX_MESSAGE_BYTES } from "./message.ts";
import { type MailStore, newMessageId } from "./store.ts";

export interface SendEmailOptions {
  region: string;
  store: MailStore;
  /** Receives the events of a mail. They are durable when it resolves. */
  emit?(events: BusEvent[]): Promise<void>;
}

/** Base64 makes four bytes of three; the rest is for addresses and JSON. */
const MAX_BODY_BYTES = Math.ceil((MAX_MESSAGE_BYTES * 4) / 3) + 1024 * 1024;

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html */
const CODES: ErrorCodes = {
  signature(code) {
    switch (code) {
      case "AccessDenied":
        return "MissingAuthenticationTokenException";
      case "InvalidAccessKeyId":
      case "InvalidToken":
        return "UnrecognizedClientException";
      default:
        return "InvalidSignatureException";
    }
  },
  tooLarge: { code: "MessageRejected", status: 400 },
  internal: "InternalFailure",
};

/** The service behind the paths that begin with `/v2/`. */
export const sendEmailService = (options: SendEmailOptions): Service => ({
  name: "ses",
  contentType: "application/json",
  maxBodyBytes: MAX_BODY_BYTES,
  codes: CODES,
  async handle({ method, url, body }) {
    if (method !== "POST" || url !== "/v2/email/outbound-emails") {
      const message = `${method} ${url} is not supported on one machine; only SendEmail is.`;
      throw new ServiceError("UnknownOperationException", message, 501);
    }
    const id = await sendEmail(parseJson(body, "BadRequestException"), options);
    return { status: 200, headers: requestId(), body: { MessageId: id } };
  },
  toResponse: ({ code, status, message }) => ({
    status,
    headers: { ...requestId(), "x-amzn-errortype": code },
    body: { message },
  }),
});

const requestId = () => ({ "x-amzn-requestid": randomUUID() });

async function sendEmail(body: unknown, options: SendEmailOptions): Promise<string> {
  const { store, emit, region } = options;
  const id = newMessageId();
  const { bytes, hasConfigurationSet, ...mail } = await composeMessage(body, id);
  await store.save(id, bytes);
  // Before the response: an accepted mail always has its events, even if this process crashes now.
  if (hasConfigurationSet) await emit?.(mailEvents({ id, ...mail }, region));
  return id;
}
