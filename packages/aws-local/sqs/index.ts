/**
 * SQS at the wire (AWS JSON 1.0), over the runner's queues: what it takes to look into dead-letter
 * queues and to send what lies there again. A queue that feeds a function is read by the runner alone.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */

import type { Wiring } from "@rushes/core/wiring";
import type { Runner } from "../lambda/index.ts";
import { type EndpointOptions, parseJson, serve } from "../wire/endpoint.ts";
import type { Listening } from "../wire/listen.ts";
import { ServiceError } from "../wire/service-error.ts";
import { createOperations } from "./operations.ts";

export type Queued = Pick<Runner, "send" | "count" | "deadLetters">;

export interface Options extends EndpointOptions {
  wiring: Pick<Wiring, "queues" | "functions">;
  /** One that is still starting is waited for. */
  runner: Queued | Promise<Queued>;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The names of errors in the older protocol, by which handlers of errors know them. */
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
};

/** Starts the endpoint; signed requests only. */
export async function start(options: Options): Promise<Listening> {
  let url = "";
  const operations = createOperations({ ...options, url: () => url });
  const listening = await serve(options, {
    name: "sqs",
    contentType: "application/x-amz-json-1.0",
    maxBodyBytes: MAX_BODY_BYTES,
    toResponse: ({ status, code, message }) => ({
      status,
      headers: {
        "x-amzn-errortype": code,
        "x-amzn-query-error": `${QUERY_CODES[code] ?? code};${status < 500 ? "Sender" : "Receiver"}`,
      },
      body: { __type: `com.amazonaws.sqs#${code}`, message },
    }),
    async handle({ headers, body }) {
      const target = String(headers["x-amz-target"] ?? "");
      const name = target.replace(/^AmazonSQS\./, "");
      const operation = operations.get(name);
      if (!operation || name === target) {
        const message = `This endpoint does not have the operation ${target || "(none)"}.`;
        throw new ServiceError("UnsupportedOperation", message);
      }
      return {
        status: 200,
        body: await operation(parseJson(body || "{}", "InvalidParameterValue")),
      };
    },
  });
  ({ url } = listening);
  return listening;
}
