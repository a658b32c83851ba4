import { renditionCreated, sourceCreated } from "./queues.ts";
import { production, siteUrl, sourceExpiresDays, tags } from "./stage.ts";

const CREATED = [
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
] as const;

/** What must hold for every bucket: its data outlives a mistake in production. */
const kept: sst.aws.BucketArgs["transform"] = {
  bucket: (args, opts) => {
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
lifecycle("Uploads", uploads, 7, sourceExpiresDays);
uploads.notify({
  notifications: [{ name: "SourceCreated", queue: sourceCreated, events: [...CREATED] }],
});

/** Renditions and posters. Private; read by short-lived addresses only. */
export const renditions = new sst.aws.Bucket("Renditions", { transform: kept });
lifecycle("Renditions", renditions, 1);
renditions.notify({
  // By suffix: the segments of a film are thousands, and none of them must start a function.
  notifications: [".mp4", ".jpg"].map((suffix) => ({
    name: `RenditionCreated${suffix.slice(1)}`,
    queue: renditionCreated,
    events: [...CREATED],
    filterSuffix: suffix,
  })),
});
