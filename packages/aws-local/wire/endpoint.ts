/** What the small endpoints of AWS's JSON protocols share: reading, who signed, and how to say no. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { STORAGE_FULL } from "@rushes/core/full";
import { isDiskFull } from "../disk/full.ts";
import { createHttpServer } from "./http-server.ts";
import { type Listening, listen } from "./listen.ts";
import { readBody } from "./read-body.ts";
import { type Credentials, SignatureError, verifySignature } from "./signature.ts";

export interface EndpointOptions {
  host: string;
  port: number;
  region: string;
  credentials: Credentials;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; nothing is sent without one. */
  body?: unknown;
  /** Sent as it is, in place of `body`: JSON that need not be read here. */
  text?: string;
}

/** A request that is refused; each service writes it in its own form. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = status;
  }
}

/** For a write that no space was left for. */
export const storageFull = () =>
  new Refusal(STORAGE_FULL.wireCode, STORAGE_FULL.message, STORAGE_FULL.status);

export interface Service {
  /** The name in signatures. */
  name: string;
  contentType: string;
  maxBodyBytes: number;
  /** Answers a request whose signature holds. Throws a Refusal. */
  answer(request: {
    method: string;
    path: string;
    headers: IncomingMessage["headers"];
    body: string;
  }): Promise<Answer>;
  refuse(refusal: Refusal): Answer;
}

/** Serves one service; only requests for this machine's own name and signed with our keys reach it. */
export function serve(options: EndpointOptions, service: Service): Promise<Listening> {
  const { region, credentials } = options;
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { maxBodyBytes } = service;
    const body = await readBody(request, maxBodyBytes);
    if (!body) {
      throw new Refusal("RequestTooLargeException", `At most ${maxBodyBytes} bytes.`, 413);
    }
    verifySignature(request, { service: service.name, region, credentials, body });
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const { method = "GET", headers } = request;
    return service.answer({ method, path, headers, body: body.toString("utf8") });
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answer(request)
      .catch((error: unknown) => service.refuse(refusalOf(error, service.name)))
      .then((result) => send(response, service.contentType, result))
      // Only a connection that is gone can refuse an answer.
      .catch(() => response.destroy());
  };
  return listen(createHttpServer(handle, { hosts: "own" }), options);
}

function refusalOf(error: unknown, name: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SignatureError) {
    // S3's words for it are its own.
    const code =
      error.code === "SignatureDoesNotMatch"
        ? "InvalidSignatureException"
        : (WORDS[error.code] ?? "AccessDeniedException");
    return new Refusal(code, error.message, 403);
  }
  if (isDiskFull(error)) return storageFull();
  // A bug of ours: its story belongs on the console, not on the wire.
  process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
  return new Refusal("InternalFailure", "Internal error", 500);
}

const WORDS: Partial<Record<SignatureError["code"], string>> = {
  InvalidAccessKeyId: "UnrecognizedClientException",
  InvalidToken: "UnrecognizedClientException",
  RequestTimeTooSkewed: "InvalidSignatureException",
  AuthorizationHeaderMalformed: "IncompleteSignatureException",
  AuthorizationQueryParametersError: "IncompleteSignatureException",
};

function send(response: ServerResponse, contentType: string, answer: Answer) {
  if (response.destroyed) return;
  // The SDK corrects its clock by this header, which Node keeps for a second: after a jump of the one clock
  // that both sides share, requests would be signed for the time before it.
  response.sendDate = false;
  const text = answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
  // Encoded once: a string would be measured for its length, and encoded again as it is written.
  const body = text === undefined ? undefined : Buffer.from(text);
  response.writeHead(answer.status, {
    ...(body && { "content-type": contentType, "content-length": body.length }),
    ...answer.headers,
  });
  response.end(body);
}

/** Parses what a client sent. Throws a Refusal where it is no JSON. */
export function parseJson(text: string, code: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(code, "The body is not JSON.");
  }
}
