/** Starts the local AWS services and connects them according to wiring.ts. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createCdnHandler, type Handler, startCdn } from "@rushes/aws-local/cloudfront/index";
import { loadMediaKeys, type MediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { type DynamoServer, start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { start as startLambda } from "@rushes/aws-local/lambda/api";
import { start as startEvents } from "@rushes/aws-local/lambda/index";
import { start as startMediaConvert } from "@rushes/aws-local/mediaconvert/index";
import type { OnDamage } from "@rushes/aws-local/process/damage";
import { openLog } from "@rushes/aws-local/process/log";
import { type S3, start as startS3 } from "@rushes/aws-local/s3/index";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { start as startSqs } from "@rushes/aws-local/sqs/index";
import { REGION } from "@rushes/aws-local/wire/account";
import { type BucketWiring, wiring } from "@rushes/core/wiring";
import { type AccessKeys, openAccessKeys } from "./access-keys.ts";
import type { DataFolder } from "./data.ts";
import { type Endpoints, environment, RENDITIONS, UPLOADS } from "./environment.ts";
import type { Origin } from "./origin.ts";
import { releaseOf } from "./release.ts";
import type { Settings } from "./settings/index.ts";
import { createShutdown, type Shutdown } from "./shutdown.ts";

/** Chromium caches the response to a preflight request for two hours at most. */
const PREFLIGHT_SECONDS = 7200;

export interface ServicesOptions {
  settings: Settings;
  data: DataFolder;
  /** The project's folder. The paths of handlers are relative to it. */
  root: string;
  host: string;
  ports: { mail: number; s3: number; media: number };
  origin: Omit<Origin, "routes" | "close">;
  /** How many processes run functions. The default is 3. */
  workers?: number;
  /** Receives a message for each damage that is found in the data, at the start or later. */
  onDamage?: OnDamage;
}

export type Runner = Awaited<ReturnType<typeof startEvents>>;

export interface Services {
  /** S3, for requests that arrive through the reverse proxy. */
  s3: Pick<S3, "handler">;
  /** The CDN, in public mode, where it has no server of its own. */
  media?: Handler;
  /** The environment of the functions and the web app. */
  env: Record<string, string>;
  urls: Endpoints & { inbox: string };
  runner: Runner;
  /** Resolves with a message if a service ends unexpectedly. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

/** The context in which each service starts. */
interface Context {
  options: ServicesOptions;
  keep: Shutdown["keep"];
  /** The runner starts last. Services that send it events wait for it. */
  runner: Promise<Runner>;
}

/** Resolves when every service answers. If one fails to start, the others are stopped. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const errors: unknown[] = [];
  const shutdown = createShutdown((error) => errors.push(error));
  const runnerStarted = Promise.withResolvers<Runner>();
  // If the start fails early, nothing awaits it.
  runnerStarted.promise.catch(() => {});
  const context = { options, keep: shutdown.keep, runner: runnerStarted.promise };
  try {
    const keys = await loadMediaKeys(folder(options, "media"));
    const { dynamo, s3, urls } = await startEndpoints(context);
    const media = await startMedia(context, s3, keys);
    const release = await releaseOf(options.root);
    const env = environment(options, urls, { media: { ...keys, url: media.url }, release });
    const runner = await startRunner(context, env, dynamo);
    runnerStarted.resolve(runner);
    const failed = dynamo.ended.then(async () => {
      if (shutdown.isRunning()) return new Promise<string>(() => {});
      return "DynamoDB ended unexpectedly. Start Rushes again; nothing that was acknowledged is lost.";
    });
    const stop = async () => {
      await shutdown.run();
      if (errors.length > 0) throw errors[0];
    };
    return { s3, media: media.handler, env, urls, runner, failed, stop };
  } catch (error) {
    runnerStarted.reject(error);
    await shutdown.run();
    throw error;
  }
}

async function startEndpoints(context: Context) {
  const { keep, runner, options } = context;
  const table = keep(startTable(context));
  const accessKeys = keep(table.then(({ url }) => openKeys(options, url)));
  const [dynamo, s3, mail, mediaconvert, sqs, lambda] = await settledAll([
    table,
    keep(startBuckets(context, accessKeys)),
    keep(startMailbox(context)),
    keep(startEncoder(context)),
    keep(startSqs({ ...shared(options), port: 0, wiring, runner })),
    keep(
      startLambda({
        ...shared(options),
        port: 0,
        functions: Object.keys(wiring.functions),
        runner,
      }),
    ),
    accessKeys,
  ] as const);
  const urls = {
    s3: s3.url,
    dynamo: dynamo.url,
    mediaconvert: mediaconvert.url,
    sqs: sqs.url,
    lambda: lambda.url,
    mail: mail.url,
    inbox: mail.inboxUrl,
  };
  return { dynamo, s3, urls };
}

async function startTable({ options }: Context) {
  const blobs = await readdir(join(folder(options, "s3"), "blobs")).catch(() => []);
  return startDynamo({
    ...shared(options),
    dataDir: folder(options, "dynamo"),
    port: options.settings.ports.dynamo ?? 0,
    tables: wiring.tables,
    hasObjects: blobs.length > 0,
  });
}

const openKeys = ({ data, origin }: ServicesOptions, url: string) =>
  openAccessKeys({ url, credentials: data.credentials, secret: origin.secret, bucket: UPLOADS });

const startBuckets = ({ options, runner }: Context, accessKeys: Promise<AccessKeys>) =>
  startS3({
    ...shared(options),
    dataDir: folder(options, "s3"),
    port: options.ports.s3,
    buckets: wiring.buckets.map((bucket) => bucketOf(bucket, options.origin)),
    deliver: async ({ queue, body }) => (await runner).send(queue, body),
    findAccessKey: async (id) => (await accessKeys).find(id),
    onLog: logOf(options, "s3"),
  });

const startMailbox = ({ options, runner }: Context) =>
  startMail({
    ...shared(options),
    dataDir: folder(options, "mail"),
    port: options.ports.mail,
    emit: async (events) => (await runner).putEvents(events),
  });

function startEncoder({ options, runner }: Context) {
  const { settings } = options;
  return startMediaConvert({
    ...shared(options),
    dataDir: folder(options, "mediaconvert"),
    port: settings.ports.mediaconvert ?? 0,
    ffmpegPath: settings.ffmpegPath,
    ffprobePath: settings.ffprobePath,
    s3Endpoint: `http://${options.host}:${options.ports.s3}`,
    concurrency: settings.encoderConcurrency,
    limits: settings.encoderLimits,
    onLog: logOf(options, "mediaconvert"),
    emit: async (event) => (await runner).putEvents([event]),
  });
}

/** The CDN. In public mode it is a route of the reverse proxy and needs no server. */
async function startMedia(
  { options, keep }: Context,
  s3: S3,
  { trusted }: MediaKeys,
): Promise<{ url: string; handler?: Handler }> {
  const delivery = { s3, bucket: RENDITIONS, trusted, onLog: logOf(options, "media") };
  const { mediaUrl } = options.origin;
  if (mediaUrl !== undefined) {
    return { url: mediaUrl, handler: createCdnHandler({ ...delivery, url: mediaUrl, addressOf }) };
  }
  const { host, ports, origin } = options;
  const pageOrigins = [origin.url, ...origin.aliases];
  const { url } = await keep(startCdn({ ...delivery, pageOrigins, host, port: ports.media }));
  return { url };
}

/** The client's address, as the reverse proxy has written it. */
const addressOf: NonNullable<Parameters<typeof createCdnHandler>[0]["addressOf"]> = ({ headers }) =>
  headers["x-forwarded-for"]?.toString() ?? "";

const startRunner = (
  { options, keep }: Context,
  env: Record<string, string>,
  { nextWrite }: Pick<DynamoServer, "nextWrite">,
) =>
  keep(
    startEvents({
      dataDir: folder(options, "events"),
      root: options.root,
      wiring,
      env,
      workers: options.workers,
      nextWrite,
      onLog: logOf(options, "functions"),
      onDamage: shared(options).onDamage,
    }),
  );

/** Waits for all even if one fails, so that the others can be stopped. */
async function settledAll<const T extends readonly Promise<unknown>[]>(promises: T) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

const shared = ({ host, data, onDamage = () => {} }: ServicesOptions) => ({
  host,
  region: REGION,
  credentials: data.credentials,
  onDamage,
});

const folder = ({ data }: ServicesOptions, name: string) => join(data.path, name);

const logOf = (options: ServicesOptions, name: string) => openLog(folder(options, "logs"), name);

const bucketOf = (
  { name, cors, notifications, abortMultipartAfterDays }: BucketWiring,
  { url, aliases }: Pick<Origin, "url" | "aliases">,
) => ({
  name,
  notifications,
  abortMultipartAfterDays,
  cors: cors ? { origins: [url, ...aliases], maxAgeSeconds: PREFLIGHT_SECONDS } : undefined,
});
