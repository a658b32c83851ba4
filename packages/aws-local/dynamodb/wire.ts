/**
 * The APIs of DynamoDB and DynamoDB Streams (AWS JSON 1.0) on top of dynoxide's tools.
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
import type { Reader } from "./reader.ts";

/** DynamoDB's limit for one request. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const ToolError = z.object({ error_type: z.string(), message: z.string() });

interface Storage {
  program: Pick<Program, "call">;
  reader: Pick<Reader, "read">;
  /** Called after each request that may have added records to a stream. */
  onWrite(): void;
}

/** Starts the endpoint, which accepts signed requests only. */
export function serveDynamo(
  options: EndpointOptions,
  { program, reader, onWrite }: Storage,
): Promise<Listening> {
  return serve(options, {
    name: "dynamodb",
    contentType: "application/x-amz-json-1.0",
    maxBodyBytes: MAX_BODY_BYTES,
    toResponse: ({ status, code, message }) => errorResponse(code, message, status),
    async handle({ headers, body }) {
      const request = parseJson(body, "SerializationException");
      const target = String(headers["x-amz-target"] ?? "");
      const page = reader.read(target, request);
      if (page !== undefined) return { status: 200, headers: requestId(), text: page };
      const { tool, input, writes } = toolCall(target, request);
      const { text, isError } = await program.call(tool, input);
      if (writes) onWrite();
      if (!isError) return { status: 200, headers: requestId(), text };
      return toErrorResponse(text);
    },
  });
}

const requestId = () => ({ "x-amzn-requestid": randomUUID().replaceAll("-", "").toUpperCase() });

function toErrorResponse(text: string): EndpointResponse {
  const error = ToolError.safeParse(asJson(text)).data;
  // If dynoxide cannot parse the parameters, it returns plain text.
  if (!error) return errorResponse("ValidationException", text);
  // SQLite's message. The whole commit failed, and the next one may succeed.
  if (isDiskFull(new Error(error.message))) throw storageFull();
  return errorResponse(error.error_type, error.message);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorResponse(code: string, message: string, status?: number): EndpointResponse {
  const namespace = code.endsWith("Exception") ? "com.amazonaws.dynamodb.v20120810" : "com.amazon";
  return {
    status: status ?? (/^Internal/.test(code) ? 500 : 400),
    headers: requestId(),
    body: {
      __type: `${namespace}#${code}`,
      message,
      CancellationReasons: code === "TransactionCanceledException" ? reasonsIn(message) : undefined,
    },
  };
}

/** One reason per item of the transaction, in order. The message lists their codes in brackets. */
function reasonsIn(message: string): { Code: string; Message?: string }[] {
  const codes = /\[([^\]]*)\]/.exec(message)?.[1]?.split(", ") ?? [];
  return codes.map((Code) => ({
    Code,
    Message: Code === "ConditionalCheckFailed" ? "The conditional request failed" : undefined,
  }));
}
