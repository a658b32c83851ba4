/**
 * S3 on one machine: durable, signature-checking, and with S3's events. What it does is listed in
 * route.ts; all else is refused with NotImplemented.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { isDiskFull } from "../disk/full.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { listen } from "../wire/listen.ts";
import { verifySignature } from "../wire/signature.ts";
import { SignatureError } from "../wire/signature-error.ts";
import { parseTarget } from "./address.ts";
import { diskFull, openBlobs } from "./blobs.ts";
import type { S3Options } from "./config.ts";
import { createConflicts } from "./conflicts.ts";
import { allowOrigin, preflight } from "./cors.ts";
import { anonymous, createReporter, sentenceOf } from "./damage.ts";
import { S3Error } from "./errors.ts";
import type { ObjectExchange, Services } from "./exchange.ts";
import { tidy } from "./lifecycle.ts";
import { Notifications } from "./notifications.ts";
import { getObject } from "./read.ts";
import { checkLengths, describeAll, recover } from "./recover.ts";
import { route } from "./route.ts";
import { SCRUB, startScrub } from "./scrub.ts";
import { Store } from "./store.ts";
import { document } from "./xml.ts";

export type { BucketConfig, S3Options } from "./config.ts";

const LIFECYCLE_EVERY_MS = 3_600_000;

export interface S3 {
  url: string;
  port: number;
  /** Answers a request that came in by another server; its path begins with a bucket's name. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  /**
   * Answers a GET or HEAD of one object for a part of this process that has let its client in, as S3
   * answers whoever may read but not list: what is missing is refused like what is forbidden.
   */
  object(
    request: IncomingMessage,
    response: ServerResponse,
    asked: Pick<ObjectExchange, "key" | "query"> & { bucket: string },
  ): void;
  close(): Promise<void>;
}

/** Starts the server and resolves when it answers. Everything acknowledged by an earlier one is there. */
export async function start(options: S3Options): Promise<S3> {
  const { dataDir, host, region, buckets, onLog } = options;
  await mkdir(dataDir, { recursive: true });
  const { onDamage = () => {} } = options;
  const blobs = await openBlobs(join(dataDir, "blobs"), join(dataDir, "quarantine"), options.disk);
  const rows = join(dataDir, "rows");
  const isAbsent = !existsSync(join(rows, "CURRENT"));
  const store = await Store.open(rows, blobs.syncFolder);
  const isNewDatabase = isAbsent && store.damage.length === 0;
  for (const sentence of store.damage) onDamage(sentence);
  const report = createReporter((damage) => onDamage(sentenceOf(damage), anonymous(damage)));
  const notifications = new Notifications(store, options);
  await notifications.start();
  const services: Services = {
    ...{ region, buckets, store, blobs, notifications, report },
    conflicts: createConflicts(),
  };
  const recovered = await recover(services, { isNewDatabase }).catch(async (error) => {
    await notifications.close();
    await store.close();
    // Refused: the next start must see as well that it was missing.
    if (isNewDatabase) await rm(rows, { recursive: true });
    throw error;
  });
  for (const sentence of recovered.damage) onDamage(sentence);
  for (const damage of recovered.missing) report(damage);

  const afterStart = async () => {
    await describeAll(services, recovered.undescribed);
    await tidyUp();
    await checkLengths(services);
  };
  const tidyUp = () => tidy(services, options.lifecycleNow?.() ?? Date.now());
  const logged = (work: Promise<unknown>) =>
    work.then(
      () => {},
      (error) => onLog?.(`S3 could not tidy up: ${error}`),
    );
  const answering = new Set<Promise<void>>();
  const keep = (answered: Promise<void>) => {
    const one = answered.finally(() => answering.delete(one));
    answering.add(one);
  };
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    keep(answer(services, options, request, response));
  // 0: an upload may take as long as it moves; a body that stands still is ended by its reader.
  const server = createHttpServer(handle, { hosts: "own", requestMs: 0, onContinue: handle });
  const listening = await listen(server, { host, port: options.port });
  let tidying = logged(afterStart());
  const timer = setInterval(() => {
    tidying = tidying.then(() => logged(tidyUp()));
  }, LIFECYCLE_EVERY_MS);
  timer.unref();
  const scrubbing = startScrub(services, options.scrub ?? SCRUB, (error) =>
    onLog?.(`S3 could not check its objects: ${error}`),
  );

  return {
    url: listening.url,
    port: listening.port,
    handler: handle,
    object: (request, response, { bucket, ...asked }) =>
      keep(read(services, options, request, response, { ...asked, bucketName: bucket })),
    async close() {
      clearInterval(timer);
      await listening.close();
      await Promise.all(answering);
      await tidying;
      await scrubbing.close();
      await notifications.close();
      await store.close();
    },
  };
}

async function answer(
  services: Services,
  options: S3Options,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  response.setHeader("x-amz-request-id", requestId);
  const waits = request.headers.expect?.toLowerCase() === "100-continue";
  let proceeded = !waits;
  const proceed = () => {
    if (!proceeded) response.writeContinue();
    proceeded = true;
  };
  try {
    const { bucket, key, query } = parseTarget(request.url ?? "/");
    const config = services.buckets.find(({ name }) => name === bucket);
    allowOrigin(request, response, config);
    if (request.method === "OPTIONS") {
      preflight(request, response, config);
      return;
    }
    const { region, credentials } = options;
    const verified = verifySignature(request, { service: "s3", region, credentials });
    await route({ ...services, request, response, verified, query, proceed }, bucket, key);
  } catch (error) {
    // The client was never told to send its body, so the connection cannot carry another request.
    if (!proceeded) response.setHeader("connection", "close");
    refuse(request, response, known(error, requestId, options.onLog), requestId);
  }
}

async function read(
  services: Services,
  { onLog }: S3Options,
  request: IncomingMessage,
  response: ServerResponse,
  asked: Pick<ObjectExchange, "key" | "query"> & { bucketName: string },
): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  response.setHeader("x-amz-request-id", requestId);
  try {
    const bucket = services.buckets.find(({ name }) => name === asked.bucketName);
    if (!bucket) throw new Error(`There is no bucket ${asked.bucketName}.`);
    await getObject({ ...services, ...asked, request, response, bucket });
  } catch (error) {
    const told = known(error, requestId, onLog);
    const missing = told.code === "NoSuchKey";
    const shown = missing ? new S3Error("AccessDenied", "Access Denied") : told;
    refuse(request, response, shown, requestId);
  }
}

/** The error that the client is told; a bug becomes InternalError, and its story goes to the log. */
function known(error: unknown, requestId: string, onLog: S3Options["onLog"]): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof SignatureError) return new S3Error(error.code, error.message);
  if (isDiskFull(error)) return diskFull();
  onLog?.(`S3 request ${requestId} failed: ${error instanceof Error ? error.stack : error}`);
  return new S3Error("InternalError", "We encountered an internal error. Please try again.");
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: S3Error,
  requestId: string,
): void {
  if (response.headersSent) {
    // Bytes of the object have gone out: only a broken connection says that they are not all.
    response.destroy();
    return;
  }
  const body = Buffer.from(
    document(
      "Error",
      {
        Code: error.code,
        Message: error.message,
        ...error.detail,
        Resource: request.url?.split("?")[0],
        RequestId: requestId,
      },
      false,
    ),
  );
  response.writeHead(error.status, {
    ...error.headers,
    "content-type": "application/xml",
    "content-length": body.length,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
