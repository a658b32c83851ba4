/**
 * S3 on one machine: durable, with verified signatures and S3's event notifications. route.ts lists its
 * operations; all others are rejected with NotImplemented.
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createHttpServer } from "../wire/http-server.ts";
import { listen } from "../wire/listen.ts";
import { Blobs } from "./blobs.ts";
import { ConditionalWrites } from "./conditional-write.ts";
import type { S3Options } from "./config.ts";
import type { Services } from "./context.ts";
import { createDamageReporter, describeDamage, describeWithoutKey } from "./damage.ts";
import { handleRequest, type ObjectRead, serveObject } from "./handle.ts";
import { startLifecycle } from "./lifecycle.ts";
import { Notifications } from "./notifications.ts";
import { type Recovered, recover } from "./recover.ts";
import { SCRUB, startScrub } from "./scrub.ts";
import { Store } from "./store.ts";

export type { AccessKey, FindAccessKey } from "./access-key.ts";
export type { BucketConfig, S3Options } from "./config.ts";

export interface S3 {
  url: string;
  port: number;
  /** Handles a request that arrived at another server; its path begins with a bucket's name. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  /**
   * Serves a GET or HEAD of one object that the caller has authorized. The response is that of S3 for a client
   * that may read but not list: AccessDenied for a missing object.
   */
  serveObject(request: IncomingMessage, response: ServerResponse, object: ObjectRead): void;
  close(): Promise<void>;
}

/** Starts the server and resolves when it accepts requests. Everything that an earlier one acknowledged is there. */
export async function start(options: S3Options): Promise<S3> {
  const { services, recovered } = await openServices(options);
  const { store, notifications } = services;
  const active = new Set<Promise<void>>();
  const track = (response: Promise<void>) => {
    const tracked = response.finally(() => active.delete(tracked));
    active.add(tracked);
  };
  const handler = (request: IncomingMessage, response: ServerResponse) =>
    track(handleRequest(services, options, request, response));
  // An upload may take any time while it progresses; the reader of its body ends a stalled one.
  const serverOptions = { hosts: "own", requestMs: 0, onContinue: handler } as const;
  const listening = await listen(createHttpServer(handler, serverOptions), options);
  const lifecycle = startLifecycle(services, recovered, options);
  const scrub = startScrub(services, options.scrub ?? SCRUB, (error) =>
    options.onLog?.(`S3 could not check its objects: ${error}`),
  );
  return {
    url: listening.url,
    port: listening.port,
    handler,
    serveObject: (request, response, object) =>
      track(serveObject(services, options.onLog, request, response, object)),
    async close() {
      lifecycle.stop();
      await listening.close();
      await Promise.all(active);
      await lifecycle.finished();
      await scrub.close();
      await notifications.close();
      await store.close();
    },
  };
}

/** Opens the data folder and repairs it. @throws CliError if the database is missing and its blobs are not */
async function openServices(
  options: S3Options,
): Promise<{ services: Services; recovered: Recovered }> {
  const { dataDir, region, buckets, onDamage = () => {} } = options;
  await mkdir(dataDir, { recursive: true });
  const folder = (name: string) => join(dataDir, name);
  const blobs = await Blobs.open(folder("blobs"), folder("quarantine"), options.disk);
  const rows = folder("rows");
  const isAbsent = !existsSync(join(rows, "CURRENT"));
  const store = await Store.open(rows, () => blobs.syncFolder());
  for (const sentence of store.damage) onDamage(sentence);
  const report = createDamageReporter((damage) =>
    onDamage(describeDamage(damage), describeWithoutKey(damage)),
  );
  const notifications = new Notifications(store, options);
  await notifications.start();
  const conditionalWrites = new ConditionalWrites();
  const services = { region, buckets, store, blobs, notifications, report, conditionalWrites };
  const isNewDatabase = isAbsent && store.damage.length === 0;
  const recovered = await recover(services, { isNewDatabase }).catch(async (error) => {
    await notifications.close();
    await store.close();
    // The next start must also find that the database was missing.
    if (isNewDatabase) await rm(rows, { recursive: true });
    throw error;
  });
  for (const sentence of recovered.damage) onDamage(sentence);
  for (const damage of recovered.missing) report(damage);
  return { services, recovered };
}
