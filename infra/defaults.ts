/**
 * Cures for defaults of SST that a security review refuses. Imported first in run(), because a transform
 * is for what is made after it.
 */
import { permissionsBoundary, tags } from "./stage.ts";

// Every function's role also trusts the account's root, for `sst dev`.
$transform(aws.iam.Role, (args) => {
  // By its path a deployment is told which roles are its own: SST's names lose app and stage when long.
  args.path = `/${$app.name}/${$app.stage}/`;
  if (permissionsBoundary) args.permissionsBoundary = permissionsBoundary;
  if ($dev) return;
  args.assumeRolePolicy = $output(args.assumeRolePolicy).apply((policy) =>
    JSON.stringify(withoutAccounts(typeof policy === "string" ? JSON.parse(policy) : policy)),
  );
});

interface Policy {
  Statement: { Principal?: Record<string, unknown> | string; Condition?: object }[];
}

/** Takes AWS accounts out of who may assume a role; services stay. */
function withoutAccounts(policy: Policy): Policy {
  const kept = policy.Statement.flatMap((statement) => {
    if (typeof statement.Principal !== "object") return [statement];
    const { AWS: _, ...services } = statement.Principal;
    return Object.keys(services).length > 0 ? [{ ...statement, Principal: services }] : [];
  });
  return { ...policy, Statement: kept };
}

// `link` would grant s3:*, dynamodb:* and sqs:*; links carry names only, permissions stand beside them.
sst.Linkable.wrap(sst.aws.Bucket, (bucket) => ({ properties: { name: bucket.name } }));
sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({ properties: { name: table.name } }));
sst.Linkable.wrap(sst.aws.Queue, (queue) => ({ properties: { url: queue.url } }));

// Buckets allow every origin unless they are told otherwise, and vanish with all they hold.
$transform(sst.aws.Bucket, (args) => {
  if (args) args.cors ??= false;
});
$transform(aws.s3.Bucket, (args) => {
  if (args) args.forceDestroy = $app.removal === "remove";
});

// Queues have no encryption of their own unless they are told.
$transform(aws.sqs.Queue, (args) => {
  if (args) Object.assign(args, { sqsManagedSseEnabled: args.sqsManagedSseEnabled ?? true, tags });
});
$transform(aws.lambda.Function, (args) => {
  if (args) args.tags = tags;
});
$transform(aws.dynamodb.Table, (args) => {
  if (args) args.tags = tags;
});

// Whoever may send to a queue may do so for any account's bucket or rule; here for our own only.
$transform(aws.sqs.QueuePolicy, (args) => {
  if (!args) return;
  args.policy = $resolve([args.policy, aws.getCallerIdentityOutput().accountId]).apply(
    ([policy, account]) => {
      const document: Policy = typeof policy === "string" ? JSON.parse(policy) : policy;
      for (const statement of document.Statement) {
        statement.Condition = { StringEquals: { "aws:SourceAccount": account } };
      }
      return JSON.stringify(document);
    },
  );
});

// The build of the site is given the deployer's whole environment and every link, secrets too, and the
// state keeps it. Nothing of ours is read at build time, so it gets what a build needs and no more.
const BUILD_NEEDS = ["PATH", "HOME", "SST", "SST_RESOURCE_App", "NODE_OPTIONS", "TMPDIR"];
$util.runtime.registerStackTransformation((args) => {
  if (args.type !== "command:local:Command") return undefined;
  const environment = $output(args.props.environment).apply((all: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => BUILD_NEEDS.includes(name))),
  );
  return { props: { ...args.props, environment }, opts: args.opts };
});
