import { deadLetters as wired, wiring } from "../packages/core/wiring.ts";
import { deadLetter, deadLetters } from "./dead.ts";
import { atTheEdge } from "./edge.ts";
import { link, mailFeedback, reconcile, transcodeChanged } from "./functions.ts";
import { behavior, media, origin } from "./media.ts";
import * as may from "./permissions.ts";
import { queues } from "./queues.ts";
import { release } from "./release.ts";
import { Site } from "./site.ts";
import { domain, logRetention, tags } from "./stage.ts";
import { readBy } from "./storage.ts";
import { named } from "./wiring.ts";

/** The functions that can process a dead-letter message again, by their names in the wiring. */
const functions = new Map([
  ["transcode-changed", transcodeChanged],
  ["mail-feedback", mailFeedback],
  ["reconcile", reconcile],
]);

/** The queues that admins inspect and redrive. The stream's queue is last. */
const dead = new sst.Linkable("DeadLetters", {
  properties: {
    queues: wired(wiring)
      .toSorted((a, b) => Number(a.kind === "stream") - Number(b.kind === "stream"))
      .map(({ name, kind, function: called }) => {
        const queue = { name, url: deadLetter(name).url, kind };
        return called === undefined ? queue : { ...queue, function: named(functions, called).name };
      }),
  },
});
const redrive: sst.aws.FunctionPermissionArgs[] = [
  {
    actions: [
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:StartMessageMoveTask",
    ],
    resources: [...deadLetters.values()].map((queue) => queue.arn),
  },
  // A redrive sends a message to the queue that it came from.
  { actions: ["sqs:SendMessage"], resources: [...queues.values()].map((queue) => queue.arn) },
  {
    actions: ["lambda:InvokeFunction"],
    resources: [...functions.values()].map((called) => called.arn),
  },
];

/** A transformation of one resource receives it as the type of every resource. */
const distributionOf = (resource: $util.Resource) => resource as aws.cloudfront.Distribution;

/** The Next.js app behind CloudFront. Only CloudFront can call its functions. */
export const web = new Site("Web", {
  path: "packages/web",
  domain,
  openNextVersion: "4.1.12",
  // Otherwise function URLs are public. Bodies are signed at the edge, so that clients need not hash them.
  protection: "oac-with-edge-signing",
  edge: { viewerRequest: { injection: atTheEdge } },
  link: [...link, dead, media, release],
  permissions: [
    may.rows("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    may.rows("ConditionCheckItem", "BatchGetItem", "BatchWriteItem", "Query"),
    may.lists("owner", "status", "name", "changed"),
    ...may.readSources,
    ...may.takeUploads,
    may.removeSources,
    may.addFiles,
    ...may.removeRenditions,
    may.probe,
    ...may.submit,
    ...redrive,
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
              // In a microtask, because its outputs exist only after its constructor has returned.
              readBy($output(Promise.resolve().then(() => distributionOf(resource).arn)));
              return undefined;
            },
          ];
        },
      };
    },
  },
});
