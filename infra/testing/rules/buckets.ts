/** The buckets: access, CORS, unfinished uploads and notifications. */
import type { Graph } from "../graph.ts";
import { at, failures, list, of, statements, text } from "../read.ts";
import type { Rules } from "../rule.ts";

const buckets = (graph: Graph): string[] =>
  of(graph, "aws:s3/bucket:Bucket").map(({ name }) => name.replace(/Bucket$/, ""));

const BLOCKS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];
const publicBuckets = (graph: Graph): string[] =>
  buckets(graph).flatMap((name) => {
    const block = of(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").find(
      (one) => one.name === `${name}PublicAccessBlock`,
    );
    if (!block) return [`The bucket ${name} does not block public access.`];
    return BLOCKS.filter((setting) => block.inputs[setting] !== true).map(
      (setting) => `The bucket ${name} does not set ${setting}.`,
    );
  });

const withoutTls = (graph: Graph): string[] =>
  buckets(graph)
    .filter((name) => {
      const policy = of(graph, "aws:s3/bucketPolicy:BucketPolicy").find(
        (one) => one.name === `${name}Policy`,
      );
      return !statements(policy?.inputs.policy).some(
        ({ Effect, Condition }) =>
          Effect === "Deny" && String(Condition?.Bool?.["aws:SecureTransport"]) === "false",
      );
    })
    .map((name) => `The bucket ${name} accepts requests without TLS.`);

const wrongCors = (graph: Graph): string[] =>
  of(graph, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").flatMap(({ name, inputs }) =>
    list(inputs.corsRules).flatMap((cors) =>
      failures(
        [
          !list(at(cors, "allowedOrigins")).some((origin) => text(origin).includes("*")),
          `${name} allows every origin.`,
        ],
        [Number(at(cors, "maxAgeSeconds")) > 0, `${name} needs a preflight before every part.`],
        [list(at(cors, "exposeHeaders")).includes("ETag"), `${name} does not expose the ETag.`],
      ),
    ),
  );

const keptParts = (graph: Graph): string[] =>
  ["Uploads", "Renditions"]
    .filter((name) => {
      const lifecycle = of(
        graph,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      ).find((one) => one.name === `${name}Lifecycle`);
      return !list(lifecycle?.inputs.rules).some(
        (rule) => Number(at(rule, "abortIncompleteMultipartUpload.daysAfterInitiation")) > 0,
      );
    })
    .map((name) => `${name} keeps the parts of unfinished uploads.`);

const withoutSuffix = (graph: Graph): string[] =>
  of(graph, "aws:s3/bucketNotification:BucketNotification")
    .filter(({ name }) => name.startsWith("Renditions"))
    .flatMap(({ inputs }) => list(inputs.queues))
    .filter((queue) => !text(at(queue, "filterSuffix")))
    .map((queue) => `The notification ${text(at(queue, "id"))} has no suffix.`);

export const BUCKETS = {
  "no bucket is public": {
    rule: publicBuckets,
    breaks: [
      {
        what: "a public bucket",
        file: "infra/storage.ts",
        find: 'new sst.aws.Bucket("Renditions", {',
        put: 'new sst.aws.Bucket("Renditions", { access: "public",',
      },
    ],
  },
  "every bucket requires TLS": {
    rule: withoutTls,
    breaks: [
      {
        what: "a bucket that accepts plain HTTP",
        file: "infra/storage.ts",
        find: 'new sst.aws.Bucket("Uploads", {',
        put: 'new sst.aws.Bucket("Uploads", { enforceHttps: false,',
      },
    ],
  },
  "only the site's own pages may send to a bucket": {
    rule: wrongCors,
    breaks: [
      {
        what: "CORS for every origin",
        file: "infra/storage.ts",
        find: "allowOrigins: [siteUrl]",
        put: 'allowOrigins: ["*"]',
      },
    ],
  },
  "the parts of unfinished uploads are removed": {
    rule: keptParts,
    breaks: [
      {
        what: "parts that are kept forever",
        file: "infra/storage.ts",
        find: "        abortIncompleteMultipartUpload: { daysAfterInitiation: abortDays },\n",
        put: "",
      },
    ],
  },
  "HLS segments and captures call no function": {
    rule: withoutSuffix,
    breaks: [
      {
        what: "a notification without a suffix",
        file: "infra/storage.ts",
        find: "        filterSuffix,\n",
        put: "",
      },
    ],
  },
} satisfies Rules;
