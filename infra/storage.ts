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
        name: `${pascal(one.id)}${filterSuffix?.replaceAll(/\W/g, "") ?? ""}`,
        queue: queue(one.queue),
        events: one.events,
        filterSuffix,
      })),
    ),
  });
}

/** Protects every bucket of production against removal. */
const kept = {
  bucket: (args: aws.s3.BucketArgs, opts: $util.CustomResourceOptions): undefined => {
    args.tags = tags;
    opts.protect = production;
  },
};

/** Removes the parts of unfinished uploads, and sources if the deployer set a limit. */
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

/** Sources. Browsers write and read with presigned URLs only. */
export const uploads = new sst.aws.Bucket("Uploads", {
  cors: {
    allowOrigins: [siteUrl],
    allowMethods: ["PUT", "GET", "HEAD"],
    allowHeaders: ["*"],
    exposeHeaders: ["ETag", "Retry-After"],
    // Chromium caches a preflight response for at most two hours.
    maxAge: "2 hours",
  },
  transform: kept,
});
lifecycle("Uploads", uploads, uploadsWired.abortMultipartAfterDays, sourceExpiresDays);
notify(uploads, uploadsWired);

/** The ARN of the distribution that may read renditions. It exists only after the bucket, which it reads. */
const reader = Promise.withResolvers<$util.Output<string>>();
export const readBy = reader.resolve;

const raw = Promise.withResolvers<aws.s3.Bucket>();
/**
 * The origin of the distribution. It comes from the raw bucket: SST's own output waits for the bucket's policy, which
 * names the distribution, so that each would wait for the other.
 */
export const renditionsOrigin = $output(raw.promise).apply(
  (bucket) => bucket.bucketRegionalDomainName,
);

interface Policy {
  Statement: object[];
}

/** Renditions and posters. Private: only the distribution reads them, for requests with a signed URL. */
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
          // SST has added a statement that requires TLS.
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
