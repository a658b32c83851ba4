import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { fromS3, JOB_ERRORS, type JobError } from "./errors.ts";
import { parseUrl } from "./s3-url.ts";

/** How long a read is retried without any byte from S3, which may be restarting. */
const RETRY_FOR_MS = 30_000;
const PREFIX = "/inputs/";

/** An object that a program can read until `close`. */
export interface OpenInput {
  /** Contains no secret: every user of the machine can see the program's arguments. */
  url: string;
  /** The environment that the program needs. Only its own user can see it. */
  env: NodeJS.ProcessEnv;
  /** Why S3 could not deliver all bytes that the program requested. */
  error(): JobError | undefined;
  close(): void;
}

interface OpenObject {
  url: string;
  etag: string;
  sizeBytes: number;
  secret: Buffer;
  error?: JobError;
}

/**
 * Lets ffmpeg read objects without signed URLs. ffmpeg uses this server as its HTTP proxy, with a password
 * that is valid for one run. Three reasons: the URL of an input in an argument list, an error message or a
 * log gives no access; a replaced object is never mixed with the probed one; and a broken connection to S3
 * is detected, which ffmpeg would treat as the end of the file.
 */
export class Gateway {
  readonly #s3: S3Client;
  readonly #open = new Map<string, OpenObject>();
  #origin = "";

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Sets the origin of the server that passes its requests to `handle`. */
  setOrigin(origin: string): void {
    this.#origin = origin;
  }

  open(object: { url: string; etag: string; sizeBytes: number }): OpenInput {
    const id = randomBytes(8).toString("hex");
    const password = randomBytes(24).toString("hex");
    const open: OpenObject = { ...object, secret: Buffer.from(`ffmpeg:${password}`) };
    this.#open.set(id, open);
    const proxy = this.#origin.replace("://", `://ffmpeg:${password}@`);
    const env: NodeJS.ProcessEnv = { ...process.env, http_proxy: proxy };
    delete env.no_proxy;
    return {
      url: `${this.#origin}${PREFIX}${id}`,
      env,
      error: () => open.error,
      close: () => this.#open.delete(id),
    };
  }

  /** True for a request that is for `handle`. */
  owns(request: IncomingMessage): boolean {
    return this.#idOf(request) !== undefined;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const open = this.#open.get(this.#idOf(request) ?? "");
    if (!open || !isAllowed(request, open.secret)) {
      response.writeHead(407, {
        "proxy-authenticate": 'Basic realm="inputs"',
        connection: "close",
      });
      response.end();
      return;
    }
    const [, from = "0", to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const start = Number(from);
    const end = Math.min(to ? Number(to) : Number.POSITIVE_INFINITY, open.sizeBytes - 1);
    if (start > end) {
      response.writeHead(416, { "content-range": `bytes */${open.sizeBytes}` }).end();
      return;
    }
    response.writeHead(request.headers.range ? 206 : 200, {
      "accept-ranges": "bytes",
      "content-length": end - start + 1,
      "content-type": "application/octet-stream",
      ...(request.headers.range && { "content-range": `bytes ${start}-${end}/${open.sizeBytes}` }),
    });
    if (request.method === "HEAD") response.end();
    else await this.#send(open, start, end, response);
  }

  /** Sends the bytes. Continues after a broken connection, unless S3 sends nothing for `RETRY_FOR_MS`. */
  async #send(
    open: OpenObject,
    start: number,
    end: number,
    response: ServerResponse,
  ): Promise<void> {
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    let next = start;
    let lastByte = Date.now();
    for (
      let pauseMs = 100;
      next <= end && !closed.signal.aborted;
      pauseMs = Math.min(2000, pauseMs * 2)
    ) {
      try {
        for await (const chunk of await this.#read(open, next, end, closed.signal)) {
          if (closed.signal.aborted) return;
          next += chunk.length;
          lastByte = Date.now();
          pauseMs = 100;
          if (!response.write(chunk)) await drained(response, closed.signal);
        }
      } catch (error) {
        if (closed.signal.aborted) return;
        const jobError = toJobError(error, open.url);
        if (jobError.code !== JOB_ERRORS.timeout || Date.now() - lastByte > RETRY_FOR_MS) {
          open.error = jobError;
          response.destroy();
          return;
        }
        await delay(pauseMs, undefined, { signal: closed.signal }).catch(() => {});
      }
    }
    response.end();
    await finished(response).catch(() => {});
  }

  async #read(
    open: OpenObject,
    start: number,
    end: number,
    abortSignal: AbortSignal,
  ): Promise<Readable> {
    const Range = `bytes=${start}-${end}`;
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ ...parseUrl(open.url), Range, IfMatch: open.etag || undefined }),
      { abortSignal },
    );
    if (!(Body instanceof Readable)) throw new Error("S3 responded without a body.");
    return Body;
  }

  #idOf(request: IncomingMessage): string | undefined {
    const { url = "" } = request;
    // A request to a proxy contains the complete URL.
    const path = url.startsWith(this.#origin) ? url.slice(this.#origin.length) : url;
    return path.startsWith(PREFIX) ? path.slice(PREFIX.length) : undefined;
  }
}

function isAllowed(request: IncomingMessage, secret: Buffer): boolean {
  const [, credentials = ""] =
    /^Basic (\S+)$/.exec(request.headers["proxy-authorization"] ?? "") ?? [];
  const given = Buffer.from(credentials, "base64");
  return given.length === secret.length && timingSafeEqual(given, secret);
}

/** For a replaced object (412), the input that was probed is missing. */
function toJobError(error: unknown, url: string): JobError {
  const replaced = error instanceof Error && error.name === "PreconditionFailed";
  return fromS3(
    replaced ? Object.assign(error, { $metadata: { httpStatusCode: 404 } }) : error,
    url,
    JOB_ERRORS.timeout,
  );
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  response.off("drain", resolve);
}
