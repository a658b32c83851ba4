/** MediaConvert's REST API at `/2017-08-29`. */
import {
  type EndpointRequest,
  type EndpointResponse,
  parseJson,
  type Service,
} from "../wire/endpoint.ts";
import type { ErrorCodes } from "../wire/service-error.ts";
import { ApiError } from "./errors.ts";
import type { Inputs } from "./input.ts";
import type { JobApi } from "./job-api.ts";
import { probe } from "./probe.ts";

/** A job with hundreds of outputs is far smaller. */
const MAX_BODY_BYTES = 1024 * 1024;

const CODES: ErrorCodes = {
  signature: () => "ForbiddenException",
  tooLarge: { code: "BadRequestException", status: 400 },
  internal: "InternalServerErrorException",
};

export interface ServiceOptions {
  api: JobApi;
  inputs: Inputs;
}

export const mediaConvertService = (options: ServiceOptions): Service => ({
  name: "mediaconvert",
  contentType: "application/json",
  maxBodyBytes: MAX_BODY_BYTES,
  codes: CODES,
  handle: (request) => handle(request, options),
  toResponse: ({ code, status, message }) => ({
    status,
    headers: { "x-amzn-errortype": code },
    body: { message },
  }),
});

async function handle(
  { method, url, path, body }: EndpointRequest,
  { api, inputs }: ServiceOptions,
): Promise<EndpointResponse> {
  const [version, noun, id, ...rest] = segments(path);
  const json = () => parseJson(body, "BadRequestException");
  if (version === "2017-08-29" && rest.length === 0) {
    switch (`${method} ${noun}${id === undefined ? "" : "/{id}"}`) {
      case "POST jobs":
        return { status: 201, body: await api.createJob(body, json()) };
      case "GET jobs":
      case "GET search": {
        const { searchParams } = new URL(`http://endpoint${url}`);
        return { status: 200, body: await api.listJobs(searchParams) };
      }
      case "GET jobs/{id}":
        return { status: 200, body: await api.getJob(id ?? "") };
      case "DELETE jobs/{id}":
        return { status: 202, body: await api.cancelJob(id ?? "") };
      case "POST probe":
        return { status: 200, body: await probe(inputs, json()) };
    }
  }
  throw new ApiError(
    "NotImplementedException",
    `This endpoint does not support ${method} ${path}.`,
  );
}

function segments(path: string): string[] {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    throw new ApiError("BadRequestException", "The path is not encoded as UTF-8.");
  }
}
