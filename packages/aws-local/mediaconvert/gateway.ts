import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { fromS3, JOB_ERRORS, type JobError } from "./errors.ts";
import { S3_URL } from "./schema.ts";

/** How long a read is tried again while S3 gives no byte: it may be restarting. */
const PATIENCE_MS = 30_000;
const PREFIX = "/inputs/";

/** An object that a program may read until `close`. */
export interface OpenInput {
  /** Holds no secret: it stands in the program's arguments, which every user of the machine can see. */
  address: string;
  /** What the program needs in its environment, which only its own user can see. */
  env: NodeJS.ProcessEnv;
  /** Why the object could not be read to where the program wanted. */
  fault(): JobError | undefined;
  close(): void;
}

interface Open {
  url: string;
  etag: string;
  sizeBytes: number;
  secret: Buffer;
  fault?: JobError;
}

/**
 * Lets ffmpeg read objects without a signed URL: it asks this server, as its HTTP proxy, with a
 * password that ends with the run. So no address of an input is worth anything in an argument list, an
 * error message or a log; a replaced object is never mixed with the one that was probed; and a break
 * of the connection to S3 is known as such, where ffmpeg would take it for the end of the file.
 */
export class Gateway {
  readonly #s3: S3Client;
  readonly #open = new Map<string, Open>();
  #origin = "";

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Where the server listens that hands its requests to `handle`. */
  listensAt(origin: string): void {
    this.#origin = origin;
  }

  open(object: { url: string; etag: string; sizeBytes: number }): OpenInput {
    const id = randomBytes(8).toString("hex");
    const password = randomBytes(24).toString("hex");
    const { url, etag, sizeBytes } = object;
    const open: Open = { url, etag, sizeBytes, secret: Buffer.from(`ffmpeg:${password}`) };
    this.#open.set(id, open);
    const proxy = this.#origin.replace("://", `://ffmpeg:${password}@`);
    const env: NodeJS.ProcessEnv = { ...process.env, http_proxy: proxy };
    delete env.no_proxy;
    return {
      address: `${this.#origin}${PREFIX}${id}`,
      env,
      fault: () => open.fault,
      close: () => this.#open.delete(id),
    };
  }

  /** True for a request that `handle` answers. */
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

  /** Sends the bytes, going on where S3 broke off, until it gives none for `PATIENCE_MS`. */
  async #send(open: Open, start: number, end: number, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    let next = start;
    let lastByte = Date.now();
    for (
      let pauseMs = 100;
      next <= end && !gone.signal.aborted;
      pauseMs = Math.min(2000, pauseMs * 2)
    ) {
      try {
        for await (const chunk of await this.#read(open, next, end, gone.signal)) {
          if (gone.signal.aborted) return;
          next += chunk.length;
          lastByte = Date.now();
          pauseMs = 100;
          if (!response.write(chunk)) await drained(response, gone.signal);
        }
      } catch (error) {
        if (gone.signal.aborted) return;
        const fault = faultOf(error, open.url);
        if (fault.code !== JOB_ERRORS.timeout || Date.now() - lastByte > PATIENCE_MS) {
          open.fault = fault;
          response.destroy();
          return;
        }
        await delay(pauseMs, undefined, { signal: gone.signal }).catch(() => {});
      }
    }
    response.end();
    await finished(response).catch(() => {});
  }

  async #read(open: Open, start: number, end: number, abortSignal: AbortSignal): Promise<Readable> {
    const [, Bucket = "", Key = ""] = S3_URL.exec(open.url) ?? [];
    const Range = `bytes=${start}-${end}`;
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ Bucket, Key, Range, ...(open.etag && { IfMatch: open.etag }) }),
      { abortSignal },
    );
    if (!(Body instanceof Readable)) throw new Error("S3 answered without a body.");
    return Body;
  }

  #idOf(request: IncomingMessage): string | undefined {
    const { url = "" } = request;
    // A proxy is asked with the whole address.
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

/** A replaced object (412) is gone as the input that was probed. */
function faultOf(error: unknown, url: string): JobError {
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
