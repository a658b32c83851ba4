import { deadLetters } from "./dead.ts";
import { atTheEdge } from "./edge.ts";
import { link, mailFeedback, reconcile, transcodeChanged } from "./functions.ts";
import { behavior, media, origin } from "./media.ts";
import * as may from "./permissions.ts";
import { renditionCreated, sourceCreated } from "./queues.ts";
import { release } from "./release.ts";
import { Site } from "./site.ts";
import { domain, logRetention, tags } from "./stage.ts";
import { readBy } from "./storage.ts";

const ofQueue = (name: string, queue: sst.aws.Queue) => ({ name, url: queue.url, kind: "queue" });
const ofFunction = (name: string, queue: sst.aws.Queue, called: sst.aws.Function) => ({
  ...{ name, url: queue.url, kind: "function" },
  function: called.name,
});

/** What admins look into and have handled again. */
const dead = new sst.Linkable("DeadLetters", {
  properties: {
    queues: [
      ofQueue("source-created-dead", deadLetters.sourceCreated),
      ofQueue("rendition-created-dead", deadLetters.renditionCreated),
      ofFunction("transcode-changed-dead", deadLetters.transcodeChanged, transcodeChanged),
      ofFunction("mail-feedback-dead", deadLetters.mailFeedback, mailFeedback),
      ofFunction("reconcile-dead", deadLetters.reconcile, reconcile),
      // The records are in the stream no more: reconcile makes up for what was missed.
      { ...ofFunction("job-changed-dead", deadLetters.jobChanged, reconcile), kind: "stream" },
    ],
  },
});
const sendAgain: sst.aws.FunctionPermissionArgs[] = [
  {
    actions: [
      ...["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
      ...["sqs:ChangeMessageVisibility", "sqs:StartMessageMoveTask"],
    ],
    resources: Object.values(deadLetters).map((queue) => queue.arn),
  },
  // Moving letters back is sending them to where they came from.
  { actions: ["sqs:SendMessage"], resources: [sourceCreated.arn, renditionCreated.arn] },
  {
    actions: ["lambda:InvokeFunction"],
    resources: [transcodeChanged.arn, mailFeedback.arn, reconcile.arn],
  },
];

/** A transformation of one resource is told that resource, by the type of all. */
const distributionOf = (resource: $util.Resource) => resource as aws.cloudfront.Distribution;

/** The Next.js app behind CloudFront; its functions answer nobody else. */
export const web = new Site("Web", {
  path: "packages/web",
  domain,
  openNextVersion: "4.1.12",
  // Function addresses are public otherwise; bodies are signed at the edge so that every client works.
  protection: "oac-with-edge-signing",
  edge: { viewerRequest: { injection: atTheEdge } },
  link: [...link, dead, media, release],
  permissions: [
    may.rows("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    may.rows("ConditionCheckItem", "BatchWriteItem", "Query"),
    may.lists("owner", "status", "name", "changed"),
    ...[...may.readSources, ...may.takeUploads, may.removeSources],
    ...[...may.removeRenditions, may.probe, ...may.submit],
    ...sendAgain,
  ],
  server: { architecture: "arm64", runtime: "nodejs24.x", memory: "1024 MB" },
  transform: {
    server: (args) => {
      args.logging = { retention: logRetention, format: "json" };
    },
    cdn: (args) => {
      args.origins = $output(args.origins).apply((origins) => [...origins, origin]);
      args.orderedCacheBehaviors = [behavior];
      args.transform = {
        distribution: (distribution, opts) => {
          distribution.tags = tags;
          opts.transformations = [
            ({ resource }) => {
              // Later: its outputs are there once its constructor has returned.
              readBy($output(Promise.resolve().then(() => distributionOf(resource).arn)));
              return undefined;
            },
          ];
        },
      };
    },
  },
});
