/**
 * What the flow tests of the core share: the real stand-ins on free ports and a fresh folder, and the
 * pipeline's handlers run by hand, so that a test decides which event comes when, and how often.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SearchJobsCommand } from "@aws-sdk/client-mediaconvert";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import { startCdn } from "@rushes/aws-local/cloudfront/index";
import { loadMediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import type { BusEvent as AnyEvent } from "@rushes/aws-local/lambda/index";
import type { StateChangeEvent } from "@rushes/aws-local/mediaconvert/events";
import { start as startMediaConvert } from "@rushes/aws-local/mediaconvert/index";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { JobId } from "@rushes/core/id";
import { wiring } from "@rushes/core/wiring";
import type { DynamoDBRecord } from "aws-lambda";
import { OWNER } from "./owner.ts";

export { OWNER };

const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
const shared = { host: "127.0.0.1", port: 0, region: "us-east-1", credentials };
const run = promisify(execFile);

export type Told = { queue: string; body: string } | { bus: StateChangeEvent } | { mail: AnyEvent };

/** Starts everything and points the environment there. Import the core's modules only afterwards. */
export async function startHome(settings: Record<string, unknown> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "rushes-core-"));
  const dir = (name: string) => ({ ...shared, dataDir: join(folder, name) });
  const told: Told[] = [];
  const listeners = new Set<(one: Told) => void>();
  const hear = async (one: Told) => {
    told.push(one);
    for (const listener of listeners) listener(one);
  };
  const [keys, s3, dynamo, mail] = await Promise.all([
    loadMediaKeys(join(folder, "media")),
    startS3({
      ...dir("s3"),
      buckets: wiring.buckets.map(({ name, notifications }) => ({ name, notifications })),
      deliver: hear,
    }),
    startDynamo({ ...dir("dynamo"), tables: wiring.tables }),
    startMail({
      ...dir("mail"),
      emit: async (events) => {
        for (const event of events) await hear({ mail: event });
      },
    }),
  ]);
  const cdn = await startCdn({
    ...{ host: shared.host, port: 0, s3, bucket: "rushes-renditions", trusted: keys.trusted },
    onLog: (line) => process.stderr.write(`${line}\n`),
  });
  const encoder = await startMediaConvert({
    ...dir("mediaconvert"),
    ffmpegPath: "ffmpeg",
    ffprobePath: "ffprobe",
    s3Endpoint: s3.url,
    concurrency: 1,
    emit: (bus) => hear({ bus }),
  });
  let stopped: Promise<void> | undefined;
  Object.assign(process.env, {
    AWS_REGION: shared.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_MEDIACONVERT: encoder.url,
    AWS_ENDPOINT_URL_SESV2: mail.url,
    ...resources(settings, { ...keys, url: cdn.url }),
  });
  return {
    told,
    folder,
    inboxUrl: mail.inboxUrl,
    /** Ends the encoder for good: from now on nobody answers at its port. */
    stopEncoder: () => (stopped ??= encoder.close()),
    /** Resolves with the first event, past or future, that fits. */
    event(fits: (one: Told) => boolean): Promise<Told> {
      const past = told.find(fits);
      if (past) return Promise.resolve(past);
      return new Promise((resolve) => {
        const listener = (one: Told) => {
          if (!fits(one)) return;
          listeners.delete(listener);
          resolve(one);
        };
        listeners.add(listener);
      });
    },
    async mails(): Promise<{ subject: string }[]> {
      return (await fetch(new URL("/inbox.json", mail.inboxUrl))).json();
    },
    async close() {
      await (stopped ?? encoder.close());
      await cdn.close();
      await Promise.all([s3.close(), dynamo.close(), mail.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Home = Awaited<ReturnType<typeof startHome>>;

function resources(
  settings: Record<string, unknown>,
  { url, keyPairId, privateKey }: { url: string; keyPairId: string; privateKey: string },
): Record<string, string> {
  const values = {
    App: { name: "rushes", stage: "test" },
    Table: { name: "rushes" },
    Uploads: { name: "rushes-uploads" },
    Renditions: { name: "rushes-renditions" },
    Email: { sender: "rushes@example.com", configSet: "rushes" },
    Transcode: {
      roleArn: "arn:aws:iam::000000000000:role/rushes",
      queueArn: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
    },
    Settings: {
      defaultOwnerId: OWNER.ownerId,
      defaultOwnerEmail: OWNER.email,
      siteUrl: "http://127.0.0.1:3000",
      maxSizeBytes: 100 * 1024 ** 3,
      maxDurationSeconds: 3600,
      uploadExpiresSeconds: 86_400,
      maxOpenUploads: 1000,
      maxOwnerBytes: 0,
      ...settings,
    },
    SignIn: { required: false },
    Secret: { value: "a secret of the tests, long enough for any key" },
    Media: { url, keyPairId, privateKey },
    Release: {
      version: "1.2.3",
      commit: "c0ffee1".padEnd(40, "0"),
      time: "2031-05-06T07:08:09.000Z",
    },
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
  );
}

/** A stream record as job-changed gets it, of a row as it stands. */
export function streamRecord(row: Record<string, unknown>): DynamoDBRecord {
  // Through JSON, as the stream's poller hands it over; the SDK's type of it differs from Lambda's.
  const NewImage = JSON.parse(JSON.stringify(marshall(row, { removeUndefinedValues: true })));
  return { eventID: "1", eventName: "MODIFY", dynamodb: { SequenceNumber: "1", NewImage } };
}

/** A message as SQS hands it to a function. */
export function message(body: string, messageId = "m-1") {
  return {
    messageId,
    receiptHandle: "r-1",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "s3",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:source-created",
    awsRegion: "us-east-1",
  };
}

/** A short film with a picture and a tone; `args` after the inputs change it. */
export async function film(folder: string, name: string, args: string[] = []): Promise<Buffer> {
  const file = join(folder, name);
  await run("ffmpeg", [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=1"],
    ...["-f", "lavfi", "-i", "sine=frequency=440:duration=1"],
    ...(args.length > 0 ? args : ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]),
    file,
  ]);
  return readFile(file);
}

/** The core and the functions, imported after the environment is there, as where they run. */
export async function loadCore() {
  const [source, rendition, transcode, changed, feedback, reconcile] = await Promise.all([
    import("@rushes/functions/source-created"),
    import("@rushes/functions/rendition-created"),
    import("@rushes/functions/transcode-changed"),
    import("@rushes/functions/job-changed"),
    import("@rushes/functions/mail-feedback"),
    import("@rushes/functions/reconcile"),
  ]);
  const [job, upload, playback, actor, storage, encoder, table] = await Promise.all([
    import("@rushes/core/job/index"),
    import("@rushes/core/upload/index"),
    import("@rushes/core/playback/index"),
    import("@rushes/core/actor"),
    import("@rushes/core/storage"),
    import("@rushes/core/encoder/client"),
    import("@rushes/core/table/index"),
  ]);
  const asOwner = <R>(run: () => R) => actor.withActor(OWNER, run);
  return {
    reconcile: reconcile.handler,
    id: (text: string) => JobId.parse(text),
    ...{ job, upload, playback, storage, encoder, table, asOwner },
    /** Hands one told event to the function that is connected to it; throws when it was not taken. */
    async hand(one: Told): Promise<void> {
      if ("mail" in one) return feedback.handler(one.mail);
      if ("bus" in one) return transcode.handler(one.bus);
      const handler = one.queue === "source-created" ? source.handler : rendition.handler;
      const answer = await handler({ Records: [message(one.body)] });
      if (answer.batchItemFailures.length > 0) throw new Error("The record was given back.");
    },
    /** Hands a job's row to job-changed, as the stream and its filter would. */
    async notify(jobId: string): Promise<void> {
      const row = await table.get(table.key.job(jobId));
      if (!row || !["complete", "error", "rejected"].includes(String(row.status))) return;
      const answer = await changed.handler({ Records: [streamRecord(row)] });
      if (answer.batchItemFailures.length > 0) throw new Error("The record was given back.");
    },
    /** Puts an object as any other tool would, and gives the event that S3 sends for it. */
    async put(home: Home, key: string, body: Uint8Array): Promise<Told> {
      const seen = home.told.length;
      await storage.s3.send(
        new PutObjectCommand({ Bucket: "rushes-uploads", Key: key, Body: body }),
      );
      const encoded = encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
      const fits = isObject("source-created", `"${encoded}"`);
      return home.event((one) => home.told.indexOf(one) >= seen && fits(one));
    },
    /** The owner's one job whose title starts so. */
    async only(title: string) {
      const { jobs } = await asOwner(() => job.list({ q: title }));
      const [first, second] = jobs;
      if (!first || second) throw new Error(`${jobs.length} jobs are called ${title}.`);
      return first;
    },
    /** How many encoder's jobs were made for a job. */
    async encoderJobs(jobId: string) {
      const { Jobs = [] } = await encoder.encoder.send(new SearchJobsCommand({ MaxResults: 20 }));
      return Jobs.filter((one) => one.UserMetadata?.jobId === jobId);
    },
  };
}

export const isObject = (queue: string, text: string) => (one: Told) =>
  "queue" in one && one.queue === queue && one.body.includes(text);

export const isBus = (status: string, jobId: string) => (one: Told) =>
  "bus" in one &&
  one.bus.detail.status === status &&
  JSON.stringify(one.bus.detail.userMetadata).includes(jobId);
