/** The cloud on one machine: starts every stand-in, connects them as wiring.ts says, stops them all. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cdn, type Handler, startCdn } from "@rushes/aws-local/cloudfront/index";
import { type MediaKeys, mediaKeys } from "@rushes/aws-local/cloudfront/keys";
import type { OnDamage } from "@rushes/aws-local/disk/damage";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { start as startLambda } from "@rushes/aws-local/lambda/api";
import { start as startEvents } from "@rushes/aws-local/lambda/index";
import { start as startMediaConvert } from "@rushes/aws-local/mediaconvert/index";
import { openLog } from "@rushes/aws-local/process/log";
import { type S3, start as startS3 } from "@rushes/aws-local/s3/index";
import { CONFIGURATION_SET } from "@rushes/aws-local/ses/events";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { start as startSqs } from "@rushes/aws-local/sqs/index";
import { type BucketWiring, deadLetterQueues, wiring } from "@rushes/core/wiring";
import type { DataFolder } from "./data.ts";
import { releaseOf } from "./release.ts";
import type { Settings } from "./settings/index.ts";
import type { Site } from "./site.ts";

export const REGION = "us-east-1";
const ACCOUNT = "000000000000";
const RENDITIONS = "rushes-renditions";
/** Chromium forgets a preflight's answer after two hours at the latest. */
const PREFLIGHT_SECONDS = 7200;

export interface CloudOptions {
  settings: Settings;
  data: DataFolder;
  /** The project's folder; handlers are found below it. */
  root: string;
  host: string;
  ports: { mail: number; s3: number; media: number };
  site: Omit<Site, "rooms" | "close">;
  /** Receives a sentence for each damage that is found in the data, at the start or later. */
  onDamage?: OnDamage;
}

export type Runner = Awaited<ReturnType<typeof startEvents>>;

export interface Cloud {
  /** S3 for requests that came in by another server. */
  s3: Pick<S3, "handler">;
  /** The CDN, where it has no server of its own. */
  media?: Handler;
  /** What functions and the web app are given: addresses, keys, links. */
  env: Record<string, string>;
  urls: {
    s3: string;
    dynamo: string;
    mediaconvert: string;
    sqs: string;
    lambda: string;
    mail: string;
    inbox: string;
  };
  runner: Runner;
  /** Resolves with a sentence if a part ends that should not. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

/** Starts all of it; when this resolves everything answers. What was started is stopped if a part fails. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { settings, data, root, host, ports } = options;
  const stops: (() => Promise<void>)[] = [];
  const folder = (name: string) => join(data.path, name);
  const shared = { host, region: REGION, credentials: data.credentials };
  const { onDamage = () => {} } = options;
  const logs = folder("logs");
  const runnerStarted = Promise.withResolvers<Runner>();
  // Nobody may be waiting for it yet when the start fails.
  runnerStarted.promise.catch(() => {});
  let stopping: Promise<void> | undefined;
  // Last started, first stopped: nothing is asked of a part that is gone.
  const stop = () => {
    stopping ??= (async () => {
      for (const one of stops.reverse()) await one();
    })();
    return stopping;
  };
  const kept = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    stops.push(() => part.close());
    return part;
  };
  try {
    const s3Url = `http://${host}:${ports.s3}`;
    const keys = await mediaKeys(folder("media"));
    const blobs = await readdir(join(folder("s3"), "blobs")).catch(() => []);
    const [dynamo, s3, mail, mediaconvert, sqs, lambda] = await allOf([
      kept(
        startDynamo({
          ...shared,
          dataDir: folder("dynamo"),
          port: settings.ports.dynamo ?? 0,
          tables: wiring.tables,
          holds: blobs.length > 0,
          onDamage,
        }),
      ),
      kept(
        startS3({
          ...shared,
          dataDir: folder("s3"),
          port: ports.s3,
          buckets: wiring.buckets.map((bucket) => bucketOf(bucket, options.site)),
          deliver: async ({ queue, body }) => (await runnerStarted.promise).send(queue, body),
          onLog: openLog(logs, "s3"),
          onDamage,
        }),
      ),
      kept(
        startMail({
          ...shared,
          dataDir: folder("mail"),
          port: ports.mail,
          emit: async (events) => (await runnerStarted.promise).putEvents(events),
          onDamage,
        }),
      ),
      kept(
        startMediaConvert({
          ...shared,
          dataDir: folder("mediaconvert"),
          port: settings.ports.mediaconvert ?? 0,
          ffmpegPath: settings.ffmpegPath,
          ffprobePath: settings.ffprobePath,
          s3Endpoint: s3Url,
          concurrency: settings.encoderConcurrency,
          limits: settings.encoderLimits,
          onLog: openLog(logs, "mediaconvert"),
          emit: async (event) => (await runnerStarted.promise).putEvents([event]),
          onDamage,
        }),
      ),
      kept(startSqs({ ...shared, port: 0, wiring, runner: runnerStarted.promise })),
      kept(
        startLambda({
          ...shared,
          port: 0,
          functions: Object.keys(wiring.functions),
          runner: runnerStarted.promise,
        }),
      ),
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
    const delivery = {
      ...{ s3, bucket: RENDITIONS, trusted: keys.trusted },
      onLog: openLog(logs, "media"),
    };
    const { mediaUrl } = options.site;
    // A home of one origin has no use for another door.
    const media =
      mediaUrl === undefined
        ? await kept(startCdn({ ...delivery, host, port: ports.media }))
        : { url: mediaUrl, handler: cdn({ ...delivery, url: mediaUrl, addressOf }) };
    const env = environment(options, urls, {
      media: { ...keys, url: media.url },
      release: await releaseOf(root),
    });
    const runner = await kept(
      startEvents({
        dataDir: folder("events"),
        root,
        wiring,
        env,
        onLog: openLog(logs, "functions"),
        onDamage,
      }),
    );
    runnerStarted.resolve(runner);
    const broken = dynamo.ended.then(async () => {
      if (stopping) return new Promise<string>(() => {});
      return "DynamoDB ended by itself; start Rushes again, nothing acknowledged is lost.";
    });
    return {
      s3,
      ...("handler" in media && { media: media.handler }),
      env,
      urls,
      runner,
      broken,
      stop,
    };
  } catch (error) {
    runnerStarted.reject(error);
    await stop();
    throw error;
  }
}

/** Where a request came from, as the door in front has written it. */
const addressOf: NonNullable<Parameters<typeof cdn>[0]["addressOf"]> = ({ headers }) =>
  headers["x-forwarded-for"]?.toString() ?? "";

/** Waits for all, also when one fails, so that what the others started can be stopped. */
async function allOf<const T extends readonly Promise<unknown>[]>(promises: T) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

const bucketOf = (
  { name, cors, notifications, abortMultipartAfterDays }: BucketWiring,
  { url, aliases }: Pick<Site, "url" | "aliases">,
) => ({
  name,
  notifications,
  abortMultipartAfterDays,
  ...(cors && {
    cors: {
      origins: [url, ...aliases],
      maxAgeSeconds: PREFLIGHT_SECONDS,
    },
  }),
});

/** What functions and the web app are given. */
export function environment(
  { settings, data, site }: Pick<CloudOptions, "settings" | "data" | "site">,
  urls: Omit<Cloud["urls"], "inbox">,
  /** What the web app alone is linked to; commands that only need the table do without. */
  web?: {
    media: Pick<MediaKeys, "keyPairId" | "privateKey"> & { url: string };
    release: Awaited<ReturnType<typeof releaseOf>>;
  },
): Record<string, string> {
  const links = {
    App: { name: "rushes", stage: "local" },
    Table: { name: "rushes" },
    Uploads: { name: "rushes-uploads" },
    Renditions: { name: RENDITIONS },
    Email: { sender: "rushes@localhost.localdomain", configSet: CONFIGURATION_SET },
    Transcode: {
      roleArn: `arn:aws:iam::${ACCOUNT}:role/rushes`,
      queueArn: `arn:aws:mediaconvert:${REGION}:${ACCOUNT}:queues/Default`,
    },
    Settings: {
      defaultOwnerId: "local",
      defaultOwnerEmail: settings.email,
      siteUrl: site.url,
      maxSizeBytes: settings.maxSizeBytes,
      maxDurationSeconds: settings.maxDurationSeconds,
      ...settings.sourceLimits,
      uploadExpiresSeconds: settings.uploadExpiresSeconds,
      maxOpenUploads: settings.maxOpenUploads,
      maxOwnerBytes: settings.maxOwnerBytes,
      ...(site.bucketUrl !== undefined && { bucketUrl: site.bucketUrl }),
    },
    DeadLetters: { queues: deadLetterQueues(wiring, urls.sqs) },
    SignIn: site.signIn,
    Secret: { value: site.secret },
    ...(web && {
      Media: {
        url: web.media.url,
        keyPairId: web.media.keyPairId,
        privateKey: web.media.privateKey,
      },
      Release: web.release,
    }),
  };
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: data.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: data.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamo,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: urls.dynamo,
    AWS_ENDPOINT_URL_MEDIACONVERT: urls.mediaconvert,
    AWS_ENDPOINT_URL_SESV2: urls.mail,
    AWS_ENDPOINT_URL_SQS: urls.sqs,
    AWS_ENDPOINT_URL_LAMBDA: urls.lambda,
    ...Object.fromEntries(
      Object.entries(links).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  };
}
