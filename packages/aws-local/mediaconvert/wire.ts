import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { STORAGE_FULL } from "@rushes/core/full";
import { isDiskFull } from "../disk/full.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { readBody } from "../wire/read-body.ts";
import { type Credentials, verifySignature } from "../wire/signature.ts";
import { SignatureError } from "../wire/signature-error.ts";
import type { Api } from "./api.ts";
import { ApiError } from "./errors.ts";
import type { Gateway } from "./gateway.ts";
import type { Inputs } from "./input.ts";
import { probe } from "./probe.ts";

/** A job with hundreds of outputs is far smaller. */
const MAX_BODY_BYTES = 1024 * 1024;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** MediaConvert's REST API at `/2017-08-29`, signed requests only. */
export function createWire(options: {
  api: Api;
  inputs: Inputs;
  gateway: Gateway;
  region: string;
  credentials: Credentials;
}): Server {
  const { api, inputs, gateway, region, credentials } = options;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // ffmpeg signs nothing; it has a password for its one input.
    if (gateway.owns(request)) {
      gateway.handle(request, response).catch(() => response.destroy());
      return;
    }
    void answer(request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => {
        // Nobody is there to be told.
        if (!response.destroyed) sendError(response, error);
      },
    );
  };
  return createHttpServer(handle, { hosts: "own" });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await read(request);
    verifySignature(request, { service: "mediaconvert", region, credentials, body });
    const url = new URL(request.url ?? "/", "http://endpoint");
    const text = body.toString("utf8");
    const [version, noun, id, ...rest] = segments(url.pathname);
    const operation = `${request.method} ${noun}${id === undefined ? "" : "/{id}"}`;
    if (version === "2017-08-29" && rest.length === 0) {
      switch (operation) {
        case "POST jobs":
          return { status: 201, body: await api.createJob(text, parse(text)) };
        case "GET jobs":
        case "GET search":
          return { status: 200, body: await api.listJobs(url.searchParams) };
        case "GET jobs/{id}":
          return { status: 200, body: await api.getJob(id ?? "") };
        case "DELETE jobs/{id}":
          return { status: 202, body: await api.cancelJob(id ?? "") };
        case "POST probe":
          return { status: 200, body: await probe(inputs, parse(text)) };
      }
    }
    throw new ApiError(
      "NotImplementedException",
      `This endpoint does not have ${request.method} ${url.pathname}.`,
    );
  }
}

function segments(path: string): string[] {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    throw new ApiError("BadRequestException", "The path is not encoded as UTF-8.");
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body) return body;
  throw new ApiError("BadRequestException", `A body may have ${MAX_BODY_BYTES} bytes.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("BadRequestException", "The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, body: unknown, type?: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(type && { "x-amzn-errortype": type }),
  });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof ApiError) {
    send(response, error.status, { message: error.message }, error.code);
    return;
  }
  if (error instanceof SignatureError) {
    send(response, 403, { message: error.message }, "ForbiddenException");
    return;
  }
  if (isDiskFull(error)) {
    const { status, wireCode, message } = STORAGE_FULL;
    send(response, status, { message }, wireCode);
    return;
  }
  // A bug of ours: its story belongs on the console, not on the wire.
  console.error("mediaconvert:", error);
  send(response, 500, { message: "Internal error" }, "InternalServerErrorException");
}
