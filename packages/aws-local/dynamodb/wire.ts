/**
 * DynamoDB and DynamoDB Streams at the wire (AWS JSON 1.0), over dynoxide's tools: signed requests for this
 * machine's own name only.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { isDiskFull } from "../disk/full.ts";
import { type EndpointOptions, type EndpointResponse, parseJson, serve } from "../wire/endpoint.ts";
import type { Listening } from "../wire/listen.ts";
import { storageFull } from "../wire/service-error.ts";
import { toolCall } from "./operations.ts";
import type { Program } from "./program.ts";

/** DynamoDB's limit for one request. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const Failure = z.object({ error_type: z.string(), message: z.string() });

/** Starts the endpoint in front of the program. */
export function serveDynamo(options: EndpointOptions, program: Program): Promise<Listening> {
  return serve(options, {
    name: "dynamodb",
    contentType: "application/x-amz-json-1.0",
    maxBodyBytes: MAX_BODY_BYTES,
    toResponse: ({ status, code, message }) => failure(code, message, status),
    async handle({ headers, body }) {
      const request = parseJson(body, "SerializationException");
      const { tool, input } = toolCall(String(headers["x-amz-target"] ?? ""), request);
      const { text, isError } = await program.call(tool, input);
      if (!isError) return { status: 200, headers: requestId(), text };
      return failed(text);
    },
  });
}

const requestId = () => ({ "x-amzn-requestid": randomUUID().replaceAll("-", "").toUpperCase() });

function failed(text: string): EndpointResponse {
  const known = Failure.safeParse(asJson(text)).data;
  // What it could not read as parameters of the operation is plain text.
  if (!known) return failure("ValidationException", text);
  // SQLite's words: the commit failed as a whole, and the next one may succeed.
  if (isDiskFull(new Error(known.message))) throw storageFull();
  return failure(known.error_type, known.message);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(code: string, message: string, status?: number): EndpointResponse {
  const namespace = code.endsWith("Exception") ? "com.amazonaws.dynamodb.v20120810" : "com.amazon";
  return {
    status: status ?? (/^Internal/.test(code) ? 500 : 400),
    headers: requestId(),
    body: {
      __type: `${namespace}#${code}`,
      message,
      ...(code === "TransactionCanceledException" && { CancellationReasons: reasonsIn(message) }),
    },
  };
}

/** One reason per item of the transaction, in order; the message lists their codes in brackets. */
function reasonsIn(message: string): { Code: string; Message?: string }[] {
  const codes = /\[([^\]]*)\]/.exec(message)?.[1]?.split(", ") ?? [];
  return codes.map((Code) => ({
    Code,
    ...(Code === "ConditionalCheckFailed" && { Message: "The conditional request failed" }),
  }));
}
