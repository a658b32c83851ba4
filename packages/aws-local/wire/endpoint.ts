/** The endpoint of a local service: reads the body, verifies the signature, and writes the response. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createHttpServer } from "./http-server.ts";
import { type Listening, listen } from "./listen.ts";
import { readBody } from "./read-body.ts";
import { type ErrorCodes, JSON_CODES, ServiceError, toServiceError } from "./service-error.ts";
import { type Credentials, verifySignature } from "./signature.ts";

export interface EndpointOptions {
  host: string;
  port: number;
  region: string;
  credentials: Credentials;
}

export interface EndpointRequest {
  method: string;
  /** The raw path and query. */
  url: string;
  /** The raw path alone. */
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface EndpointResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. Without `body` and `text`, the response is empty. */
  body?: unknown;
  /** Sent unchanged, in place of `body`. */
  text?: string;
}

export interface Service {
  /** The name in signatures. */
  name: string;
  contentType: string;
  maxBodyBytes: number;
  /** AWS's common codes unless given. */
  codes?: ErrorCodes;
  /** Handles a request with a valid signature. Throws a ServiceError for an error response. */
  handle(request: EndpointRequest): Promise<EndpointResponse>;
  /** Writes an error in the form of the service's protocol. */
  toResponse(error: ServiceError): EndpointResponse;
}

/** Serves one service on a port of its own. */
export const serve = (options: EndpointOptions, service: Service): Promise<Listening> =>
  listen(createHttpServer(createHandler(options, service), { hosts: "own" }), options);

/** Handles the requests of one service, for a server that also serves other things. */
export function createHandler(
  keys: Pick<EndpointOptions, "region" | "credentials">,
  service: Service,
): RequestListener {
  const { name, contentType, codes = JSON_CODES } = service;
  const log = (stack: string) => void process.stderr.write(`${name}: ${stack}\n`);
  return (request, response) => {
    handle(request, keys, service)
      .catch((error: unknown) => service.toResponse(toServiceError(error, codes, log)))
      .then((result) => send(response, contentType, result))
      // The connection is closed, so nobody can receive a response.
      .catch(() => response.destroy());
  };
}

async function handle(
  message: IncomingMessage,
  { region, credentials }: Pick<EndpointOptions, "region" | "credentials">,
  service: Service,
): Promise<EndpointResponse> {
  const { name, maxBodyBytes, codes = JSON_CODES } = service;
  const body = await readBody(message, maxBodyBytes);
  if (!body) {
    const { code, status } = codes.tooLarge;
    throw new ServiceError(code, `The body is larger than ${maxBodyBytes} bytes.`, status);
  }
  verifySignature(message, { service: name, region, credentials, body });
  const { method = "GET", headers, url = "/" } = message;
  const path = url.split("?")[0] ?? "/";
  return service.handle({ method, url, path, headers, body: body.toString("utf8") });
}

function send(response: ServerResponse, contentType: string, result: EndpointResponse): void {
  if (response.destroyed) return;
  // The SDK corrects its clock with the Date header, and Node caches that header for a second. After the
  // clock that both sides share has jumped, requests would be signed for the time before the jump.
  response.sendDate = false;
  const text = result.text ?? (result.body === undefined ? undefined : JSON.stringify(result.body));
  // Encoded once: Node would encode a string a second time to measure its length.
  const body = text === undefined ? undefined : Buffer.from(text);
  response.writeHead(result.status, {
    ...(body && { "content-type": contentType, "content-length": body.length }),
    ...result.headers,
  });
  response.end(body);
}

/** Parses a request's JSON. Throws a ServiceError with this code if it is malformed. */
export function parseJson(text: string, code: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError(code, "The body is not JSON.");
  }
}
