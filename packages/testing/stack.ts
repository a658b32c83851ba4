/**
 * The local AWS services in this process, on free ports and a fresh folder. No function runs automatically: the test
 * delivers each event at any time and any number of times (see core.ts).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCdn } from "@rushes/aws-local/cloudfront/index";
import { loadMediaKeys, type MediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { start as startDynamo } from "@rushes/aws-local/dynamodb/index";
import { start as startMediaConvert } from "@rushes/aws-local/mediaconvert/index";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { start as startMail } from "@rushes/aws-local/ses/index";
import { wiring } from "@rushes/core/wiring";
import type { EmittedEvent } from "./events.ts";
import { OWNER } from "./owner.ts";

const HOST = "127.0.0.1";
/** The origin of the dashboard. No server has to listen there. */
const SITE_URL = "http://127.0.0.1:3000";
const REGION = "us-east-1";
const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };

/** Values of `Resource.Settings` that differ from the defaults. */
export type SettingChanges = Record<string, unknown>;

/** Starts the services and points the environment at them. Import core's modules only afterwards. */
export async function startStack(settings: SettingChanges = {}) {
  const folder = await mkdtemp(join(tmpdir(), "rushes-core-"));
  const { events, emit, event, onEncoderLog } = recordEvents();
  const services = await startServices(folder, emit, onEncoderLog);
  const { s3, dynamo, mail, encoder, cdn, keys } = services;
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_MEDIACONVERT: encoder.url,
    AWS_ENDPOINT_URL_SESV2: mail.url,
    ...resources(settings, { ...keys, url: cdn.url }),
  });
  let stopped: Promise<void> | undefined;
  const stopEncoder = () => {
    stopped ??= encoder.close();
    return stopped;
  };
  return {
    events,
    event,
    folder,
    inboxUrl: mail.inboxUrl,
    /** Stops the encoder. Requests to its port fail from now on. */
    stopEncoder,
    async mails(): Promise<{ subject: string }[]> {
      return (await fetch(new URL("/inbox.json", mail.inboxUrl))).json();
    },
    async close() {
      await stopEncoder();
      await cdn.close();
      await Promise.all([s3.close(), dynamo.close(), mail.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Stack = Awaited<ReturnType<typeof startStack>>;

type Emit = (event: EmittedEvent) => Promise<void>;

function recordEvents() {
  const events: EmittedEvent[] = [];
  const encoderLog: string[] = [];
  const listeners = new Set<(event: EmittedEvent) => void>();
  const emit: Emit = async (event) => {
    events.push(event);
    for (const listener of listeners) listener(event);
  };
  /**
   * Resolves with the first event, past or future, that matches. Rejects with the encoder's code, message and log if
   * the job fails whose end the test waits for.
   */
  const event = (matches: (event: EmittedEvent) => boolean): Promise<EmittedEvent> => {
    const past = events.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const listener = (next: EmittedEvent) => {
        const failure = failureOf(next, matches, encoderLog);
        if (!failure && !matches(next)) return;
        listeners.delete(listener);
        if (failure) reject(failure);
        else resolve(next);
      };
      listeners.add(listener);
    });
  };
  const onEncoderLog = (line: string) => {
    encoderLog.push(line);
    process.stderr.write(`mediaconvert: ${line}\n`);
  };
  return { events, emit, event, onEncoderLog };
}

/** The failure of a job whose COMPLETE event would match. */
function failureOf(
  event: EmittedEvent,
  matches: (event: EmittedEvent) => boolean,
  log: string[],
): Error | undefined {
  if (!("bus" in event) || event.bus.detail.status !== "ERROR" || matches(event)) return undefined;
  const detail = { ...event.bus.detail, status: "COMPLETE" };
  if (!matches({ bus: { ...event.bus, detail } })) return undefined;
  const { jobId, errorCode, errorMessage } = event.bus.detail;
  const lines = log.filter((line) => line.includes(String(jobId)));
  return new Error([`The job failed with ${errorCode}: ${errorMessage}`, ...lines].join("\n"));
}

async function startServices(folder: string, emit: Emit, onEncoderLog: (line: string) => void) {
  const options = (name: string) => ({
    host: HOST,
    port: 0,
    region: REGION,
    credentials,
    dataDir: join(folder, name),
  });
  const [keys, s3, dynamo, mail] = await Promise.all([
    loadMediaKeys(join(folder, "media")),
    startS3({
      ...options("s3"),
      buckets: wiring.buckets.map(({ name, notifications }) => ({ name, notifications })),
      deliver: emit,
    }),
    startDynamo({ ...options("dynamo"), tables: wiring.tables }),
    startMail({
      ...options("mail"),
      emit: async (events) => {
        for (const mail of events) await emit({ mail });
      },
    }),
  ]);
  const cdn = await startCdn({
    host: HOST,
    port: 0,
    s3,
    bucket: "rushes-renditions",
    trusted: keys.trusted,
    pageOrigins: [SITE_URL],
    onLog: (line) => process.stderr.write(`${line}\n`),
  });
  const encoder = await startMediaConvert({
    ...options("mediaconvert"),
    ffmpegPath: "ffmpeg",
    ffprobePath: "ffprobe",
    s3Endpoint: s3.url,
    concurrency: 1,
    emit: (bus) => emit({ bus }),
    onLog: onEncoderLog,
  });
  return { keys, s3, dynamo, mail, cdn, encoder };
}

/** The resources that SST links to the functions and the web app. */
function resources(
  settings: SettingChanges,
  { url, keyPairId, privateKey }: Pick<MediaKeys, "keyPairId" | "privateKey"> & { url: string },
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
      siteUrl: SITE_URL,
      maxSizeBytes: 100 * 1024 ** 3,
      maxDurationSeconds: 3600,
      uploadExpiresSeconds: 86_400,
      maxOpenUploads: 1000,
      maxOwnerBytes: 0,
      profile: "original",
      toolsUrl: "http://127.0.0.1:3002",
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
