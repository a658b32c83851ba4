/**
 * Replaces defaults of SST that a security review would reject. run() imports it first, because a transform applies
 * only to resources that are created after it.
 */
import { permissionsBoundary, tags } from "./stage.ts";

// SST's function roles also trust the account's root, for `sst dev`.
$transform(aws.iam.Role, (args) => {
  // The deployer's policy finds the stage's roles by this path, because SST cuts app and stage from long names.
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

/** Removes AWS accounts from a trust policy and keeps services. */
function withoutAccounts(policy: Policy): Policy {
  const kept = policy.Statement.flatMap((statement) => {
    if (typeof statement.Principal !== "object") return [statement];
    const { AWS: _, ...services } = statement.Principal;
    return Object.keys(services).length > 0 ? [{ ...statement, Principal: services }] : [];
  });
  return { ...policy, Statement: kept };
}

// A link would grant s3:*, dynamodb:* and sqs:*. Here a link carries only names, and permissions are explicit.
sst.Linkable.wrap(sst.aws.Bucket, (bucket) => ({ properties: { name: bucket.name } }));
sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({ properties: { name: table.name } }));
sst.Linkable.wrap(sst.aws.Queue, (queue) => ({ properties: { url: queue.url } }));

// SST's buckets allow every origin, and are removed with all their objects.
$transform(sst.aws.Bucket, (args) => {
  if (args) args.cors ??= false;
});
$transform(aws.s3.Bucket, (args) => {
  if (args) args.forceDestroy = $app.removal === "remove";
});

// SST does not encrypt queues.
$transform(aws.sqs.Queue, (args) => {
  if (args) Object.assign(args, { sqsManagedSseEnabled: args.sqsManagedSseEnabled ?? true, tags });
});
$transform(aws.lambda.Function, (args) => {
  if (args) args.tags = tags;
});
$transform(aws.dynamodb.Table, (args) => {
  if (args) args.tags = tags;
});

// SST's queue policies accept messages from the buckets and rules of any account.
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

// SST gives the site's build the deployer's whole environment and every link, including secrets, and keeps them in its
// state. The build reads none of them, so it gets only what Node and npm need.
const BUILD_NEEDS = ["PATH", "HOME", "SST", "SST_RESOURCE_App", "NODE_OPTIONS", "TMPDIR"];
$util.runtime.registerStackTransformation((args) => {
  if (args.type !== "command:local:Command") return undefined;
  const environment = $output(args.props.environment).apply((all: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => BUILD_NEEDS.includes(name))),
  );
  return { props: { ...args.props, environment }, opts: args.opts };
});
