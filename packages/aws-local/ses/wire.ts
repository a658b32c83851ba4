/** The one operation of SES v2 that a pipeline needs, on its real wire. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { STORAGE_FULL } from "@rushes/core/full";
import { isDiskFull } from "../disk/full.ts";
import type { BusEvent } from "../lambda/index.ts";
import { readBody } from "../wire/read-body.ts";
import { type Credentials, verifySignature } from "../wire/signature.ts";
import { SignatureError } from "../wire/signature-error.ts";
import { type MailCode, MailError } from "./error.ts";
import { eventsOf } from "./events.ts";
import { compose, MAX_MESSAGE_BYTES } from "./message.ts";
import { type MailStore, newMessageId } from "./store.ts";

export interface WireOptions {
  region: string;
  credentials: Credentials;
  store: MailStore;
  /** Takes what becomes of a mail; durable when it resolves. */
  emit?(events: BusEvent[]): Promise<void>;
}

/** Base64 makes four bytes of three; the rest is room for addresses and JSON. */
const MAX_BODY_BYTES = Math.ceil((MAX_MESSAGE_BYTES * 4) / 3) + 1024 * 1024;

/** Answers a request below /v2/ as SES does. */
export async function answerWire(
  message: IncomingMessage,
  response: ServerResponse,
  options: WireOptions,
): Promise<void> {
  try {
    const body = await readBody(message, MAX_BODY_BYTES);
    if (!body) {
      throw new MailError("MessageRejected", `The request is over ${MAX_BODY_BYTES} bytes.`);
    }
    authenticate(message, body, options);
    if (message.method !== "POST" || message.url !== "/v2/email/outbound-emails") {
      throw new MailError(
        "UnknownOperationException",
        `${message.method} ${message.url} is not supported on one machine; only SendEmail is.`,
      );
    }
    const id = newMessageId();
    const { bytes, isFollowed, ...mail } = await compose(parseJson(body), id);
    await options.store.save(id, bytes);
    // Before the answer: what was answered for is never without its events, however this process ends.
    if (isFollowed) await options.emit?.(eventsOf({ id, ...mail }, options.region));
    send(response, 200, { MessageId: id });
  } catch (error) {
    const known = knownError(error);
    if (known !== error) process.stderr.write(`mail: ${String(error)}\n`);
    response.setHeader("x-amzn-errortype", known.code);
    send(response, known.status, { message: known.message });
  }
}

function knownError(error: unknown): MailError {
  if (error instanceof MailError) return error;
  if (isDiskFull(error)) return new MailError(STORAGE_FULL.wireCode, STORAGE_FULL.message);
  return new MailError("InternalFailure", "The mail could not be kept. Try again.");
}

function authenticate(message: IncomingMessage, body: Buffer, options: WireOptions): void {
  try {
    verifySignature(message, { ...options, service: "ses", body });
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new MailError(translated(error.code), error.message);
  }
}

function translated(code: SignatureError["code"]): MailCode {
  switch (code) {
    case "AccessDenied":
      return "MissingAuthenticationTokenException";
    case "InvalidAccessKeyId":
    case "InvalidToken":
      return "UnrecognizedClientException";
    default:
      return "InvalidSignatureException";
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new MailError("BadRequestException", "The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, {
      "content-type": "application/json",
      "x-amzn-requestid": randomUUID(),
    })
    .end(JSON.stringify(body));
}
