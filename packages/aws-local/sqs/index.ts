/**
 * SQS's API (AWS JSON 1.0) for the runner's queues: the operations that reading and redriving
 * dead-letter queues need. Only the runner receives messages of a queue that feeds a function.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */

import type { Wiring } from "@rushes/core/wiring";
import { type EndpointOptions, parseJson, serve } from "../wire/endpoint.ts";
import type { Listening } from "../wire/listen.ts";
import { ServiceError } from "../wire/service-error.ts";
import { QueueNames } from "./names.ts";
import { OPERATIONS, type OperationContext } from "./operations.ts";

export interface Options extends EndpointOptions {
  wiring: Pick<Wiring, "queues" | "functions">;
  /** Requests wait for a runner that is still starting. */
  runner: OperationContext["runner"] | Promise<OperationContext["runner"]>;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The error codes of the older query protocol, which clients still read. */
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
};

/** Starts the endpoint, which accepts signed requests only. */
export async function start(options: Options): Promise<Listening> {
  let url = "";
  const { region, runner } = options;
  const names = new QueueNames(options.wiring, region);
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
      const operation = OPERATIONS.get(name);
      if (!operation || name === target) {
        const message = `This endpoint does not support the operation ${target || "(none)"}.`;
        throw new ServiceError("UnsupportedOperation", message);
      }
      const input = parseJson(body || "{}", "InvalidParameterValue");
      const context = { names, region, url, runner: await runner };
      return { status: 200, body: await operation(context, input) };
    },
  });
  ({ url } = listening);
  return listening;
}
