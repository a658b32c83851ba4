/**
 * Lambda's Invoke operation for the runner's functions: InvocationType RequestResponse and Event.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { arn } from "../wire/account.ts";
import { type EndpointOptions, type EndpointResponse, parseJson, serve } from "../wire/endpoint.ts";
import type { Listening } from "../wire/listen.ts";
import { ServiceError } from "../wire/service-error.ts";
import { errorResponse } from "./dead-letter-body.ts";

/** The part of the runner that the endpoint needs. */
export interface Invoker {
  invoke(name: string, payload: unknown): Promise<unknown>;
  invokeAsync(name: string, payload: unknown): Promise<void>;
}

export interface Options extends EndpointOptions {
  /** Names of all functions. */
  functions: readonly string[];
  /** Requests wait for a runner that is still starting. */
  runner: Invoker | Promise<Invoker>;
}

/** AWS's limit for the payload of a synchronous invocation. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Starts the endpoint, which accepts signed requests only. */
export function start(options: Options): Promise<Listening> {
  return serve(options, {
    name: "lambda",
    contentType: "application/json",
    maxBodyBytes: MAX_BODY_BYTES,
    toResponse: ({ status, code, message }) => ({
      status,
      headers: { "x-amzn-errortype": code },
      body: { Type: status < 500 ? "User" : "Service", Message: message, message },
    }),
    handle: ({ method, path, headers, body }) => {
      const given = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
      if (method !== "POST" || given === undefined) {
        const message = `This endpoint does not support ${method} ${path}.`;
        throw new ServiceError("NotImplementedException", message, 501);
      }
      const payload = body === "" ? {} : parseJson(body, "InvalidRequestContentException");
      const type = headers["x-amz-invocation-type"] ?? "RequestResponse";
      if (headers["x-amz-log-type"] === "Tail") {
        throw new ServiceError("InvalidParameterValueException", "LogType Tail is not supported.");
      }
      return invoke(options, nameOf(given), String(type), payload);
    },
  });
}

/** The function's name, from a name or an ARN. */
function nameOf(given: string): string {
  try {
    return decodeURIComponent(given).replace(/^arn:aws:lambda:[^:]+:\d{12}:function:/, "");
  } catch {
    throw new ServiceError("InvalidParameterValueException", "The function's name is not UTF-8.");
  }
}

async function invoke(
  { functions, runner, region }: Options,
  name: string,
  type: string,
  payload: unknown,
): Promise<EndpointResponse> {
  if (!functions.includes(name)) {
    const message = `Function not found: ${arn("lambda", region, `function:${name}`)}`;
    throw new ServiceError("ResourceNotFoundException", message, 404);
  }
  switch (type) {
    case "Event":
      await (await runner).invokeAsync(name, payload);
      return { status: 202 };
    case "RequestResponse":
      return run(await runner, name, payload);
    default:
      throw new ServiceError(
        "InvalidParameterValueException",
        `InvocationType ${type} is not supported.`,
      );
  }
}

/** If the handler throws, the response has status 200 and the error header, as on AWS. */
async function run(runner: Invoker, name: string, payload: unknown): Promise<EndpointResponse> {
  const headers = { "x-amz-executed-version": "$LATEST" };
  try {
    return { status: 200, headers, body: (await runner.invoke(name, payload)) ?? null };
  } catch (error) {
    const failed = { ...headers, "x-amz-function-error": "Unhandled" };
    return { status: 200, headers: failed, body: errorResponse(String(error)) };
  }
}
