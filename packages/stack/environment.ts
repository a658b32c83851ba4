/** The environment of the functions and the web app: endpoints, credentials, and what SST links on AWS. */
import type { MediaKeys } from "@rushes/aws-local/cloudfront/keys";
import { CONFIGURATION_SET } from "@rushes/aws-local/ses/events";
import { ACCOUNT_ID, arn, REGION } from "@rushes/aws-local/wire/account";
import { deadLetterQueues, wiring } from "@rushes/core/wiring";
import type { DataFolder } from "./data.ts";
import type { Origin } from "./origin.ts";
import type { releaseOf } from "./release.ts";
import type { Settings } from "./settings/index.ts";

export const UPLOADS = "rushes-uploads";
export const RENDITIONS = "rushes-renditions";

export interface Endpoints {
  s3: string;
  dynamo: string;
  mediaconvert: string;
  sqs: string;
  lambda: string;
  mail: string;
}

export interface EnvironmentOptions {
  settings: Settings;
  data: Pick<DataFolder, "credentials">;
  origin: Omit<Origin, "routes" | "close">;
}

/** Links that only the web app has. */
export interface WebLinks {
  media: Pick<MediaKeys, "keyPairId" | "privateKey"> & { url: string };
  release: Awaited<ReturnType<typeof releaseOf>>;
}

/** @param web omitted by commands, which need only the table */
export function environment(
  options: EnvironmentOptions,
  endpoints: Endpoints,
  web?: WebLinks,
): Record<string, string> {
  const { credentials } = options.data;
  const links = { ...commonLinks(options, endpoints), ...(web && webLinks(web)) };
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamo,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoints.dynamo,
    AWS_ENDPOINT_URL_MEDIACONVERT: endpoints.mediaconvert,
    AWS_ENDPOINT_URL_SESV2: endpoints.mail,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    ...Object.fromEntries(
      Object.entries(links).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  };
}

const commonLinks = ({ settings, origin }: EnvironmentOptions, { s3, sqs }: Endpoints) => ({
  App: { name: "rushes", stage: "local" },
  Table: { name: "rushes" },
  Uploads: { name: UPLOADS },
  Renditions: { name: RENDITIONS },
  Email: { sender: "rushes@localhost.localdomain", configSet: CONFIGURATION_SET },
  Transcode: {
    roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/rushes`,
    queueArn: arn("mediaconvert", REGION, "queues/Default"),
  },
  Settings: {
    defaultOwnerId: "local",
    defaultOwnerEmail: settings.email,
    siteUrl: origin.url,
    maxSizeBytes: settings.maxSizeBytes,
    maxDurationSeconds: settings.maxDurationSeconds,
    ...settings.sourceLimits,
    uploadExpiresSeconds: settings.uploadExpiresSeconds,
    maxOpenUploads: settings.maxOpenUploads,
    maxOwnerBytes: settings.maxOwnerBytes,
    profile: settings.profile,
    profiles: settings.profiles,
    ...settings.imports,
    bucketUrl: origin.bucketUrl,
    toolsUrl: origin.bucketUrl ?? s3,
  },
  DeadLetters: { queues: deadLetterQueues(wiring, sqs) },
  SignIn: origin.signIn,
  Secret: { value: origin.secret },
});

const webLinks = ({ media: { url, keyPairId, privateKey }, release }: WebLinks) => ({
  Media: { url, keyPairId, privateKey },
  Release: release,
});
