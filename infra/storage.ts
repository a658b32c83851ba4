/** The buckets. `packages/core/wiring.ts` has their notifications and how long unfinished uploads are kept. */
import { wiring } from "../packages/core/wiring.ts";
import { queue } from "./queues.ts";
import { production, siteUrl, sourceExpiresDays, tags } from "./stage.ts";
import { byName, named, pascal } from "./wiring.ts";

type Wired = (typeof wiring.buckets)[number];
const wired = byName(wiring.buckets);
const uploadsWired = named(wired, "rushes-uploads");
const renditionsWired = named(wired, "rushes-renditions");

/** Sends the bucket's events to the queues of the wiring. A suffix becomes part of the notification's name. */
function notify(bucket: sst.aws.Bucket, { notifications }: Wired) {
  bucket.notify({
    notifications: notifications.flatMap((one) =>
      ("suffixes" in one ? one.suffixes : [undefined]).map((filterSuffix) => ({
        name: `${pascal(one.id)}${filterSuffix?.replace(".", "") ?? ""}`,
        queue: queue(one.queue),
        events: one.events,
        filterSuffix,
      })),
    ),
  });
}

/** What must hold for every bucket: its data outlives a mistake in production. */
const kept = {
  bucket: (args: aws.s3.BucketArgs, opts: $util.CustomResourceOptions): undefined => {
    args.tags = tags;
    opts.protect = production;
  },
};

/** Parts of uploads that nobody finished go by themselves; sources only when the deployer says so. */
function lifecycle(name: string, bucket: sst.aws.Bucket, abortDays: number, expireDays?: number) {
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, {
    bucket: bucket.name,
    rules: [
      {
        id: "abort-multipart",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: abortDays },
      },
      ...(expireDays === undefined
        ? []
        : [
            {
              id: "expire",
              status: "Enabled",
              filter: { prefix: "" },
              expiration: { days: expireDays },
            },
          ]),
    ],
  });
}

/** Sources. Browsers send to it by presigned URLs; nobody reads from it but by one. */
export const uploads = new sst.aws.Bucket("Uploads", {
  cors: {
    allowOrigins: [siteUrl],
    allowMethods: ["PUT", "GET", "HEAD"],
    allowHeaders: ["*"],
    exposeHeaders: ["ETag", "Retry-After"],
    // Chromium forgets a preflight's answer after two hours at the latest.
    maxAge: "2 hours",
  },
  transform: kept,
});
lifecycle("Uploads", uploads, uploadsWired.abortMultipartAfterDays, sourceExpiresDays);
notify(uploads, uploadsWired);

/** ARN of the distribution that may read renditions; known once it is there, for it reads this bucket. */
const reader = Promise.withResolvers<$util.Output<string>>();
export const readBy = reader.resolve;

const raw = Promise.withResolvers<aws.s3.Bucket>();
/**
 * Where the distribution reads. Of the bucket alone: what SST gives out of it waits for its policy, which
 * names the distribution, and each would wait for the other.
 */
export const renditionsOrigin = $output(raw.promise).apply(
  (bucket) => bucket.bucketRegionalDomainName,
);

interface Policy {
  Statement: object[];
}

/** Renditions and posters. Private; the distribution reads them for whoever has a signed address. */
export const renditions = new sst.aws.Bucket("Renditions", {
  transform: {
    bucket: (args, opts) => {
      kept.bucket(args, opts);
      opts.transformations = [
        ({ resource }) => {
          raw.resolve(resource as aws.s3.Bucket);
          return undefined;
        },
      ];
    },
    policy: (args) => {
      const { bucket, policy } = args;
      args.policy = $resolve([bucket, policy, $output(reader.promise)]).apply(
        ([name, text, distribution]) => {
          // TLS only, by SST.
          const document: Policy = typeof text === "string" ? JSON.parse(text) : text;
          document.Statement.push({
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: `arn:aws:s3:::${name}/*`,
            Condition: { StringEquals: { "AWS:SourceArn": distribution } },
          });
          return JSON.stringify(document);
        },
      );
    },
  },
});
lifecycle("Renditions", renditions, renditionsWired.abortMultipartAfterDays);
notify(renditions, renditionsWired);
