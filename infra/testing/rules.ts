/**
 * What the evaluated app must keep. Each rule answers with sentences about what breaks it; none when it
 * holds. The tests and the seeded defects use the same rules.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Graph, Resource } from "./graph.ts";

export type Rule = (graph: Graph, root: string) => string[];

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
};

/** Resources of this type. */
export const of = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === type);

/** A field somewhere in the inputs, by a path such as `destinationConfig.onFailure.destination`. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, step);
    // A secret may be wrapped twice: an input that is one, out of values of which one is.
    while (typeof found === "object" && found !== null && "secret" in found) found = found.secret;
  }
  return found;
}
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function statements(policy: unknown): Statement[] {
  // Written by our own mocks or by SST, both as IAM has it.
  const document = JSON.parse(text(policy) || "{}") as { Statement?: Statement | Statement[] };
  return list(document.Statement) as Statement[];
}

/** Every statement that grants something to a role of ours, with the role's name. */
export function grants(graph: Graph): { role: string; statement: Statement }[] {
  return of(graph, "aws:iam/role:Role").flatMap((role) =>
    list(at(role.inputs, "inlinePolicies")).flatMap((inline) =>
      statements(at(inline, "policy")).map((statement) => ({ role: role.name, statement })),
    ),
  );
}

/** Wildcards that stay, each because AWS or SST leaves no narrower way. */
const ALLOWED: Record<string, string> = {
  "codepipeline:PutJobSuccessResult": "an answer to a job knows no resource, but its id",
  "codepipeline:PutJobFailureResult": "an answer to a job knows no resource, but its id",
  "mediaconvert:Probe": "Probe knows no resource: it reads what S3 lets the caller read",
  "cloudfront:CreateInvalidation": "SST writes it for its Next.js sites; it can only empty a cache",
};

const noWildcards: Rule = (graph) =>
  grants(graph).flatMap(({ role, statement }) => {
    if (statement.Effect !== "Allow") return [];
    const actions = list(statement.Action).map(text);
    const resources = list(statement.Resource);
    const wide = actions.filter((action) => action.includes("*"));
    const open = resources.some((resource) => resource === "*" || resource === null);
    const unreasoned = open ? actions.filter((action) => !ALLOWED[action]) : [];
    return [
      ...wide.map((action) => `${role} may do ${action}.`),
      ...unreasoned.map((action) => `${role} may do ${action} to everything.`),
    ];
  });

const rolesTrustServices: Rule = (graph) =>
  of(graph, "aws:iam/role:Role").flatMap((role) =>
    statements(role.inputs.assumeRolePolicy).flatMap(({ Principal }) =>
      JSON.stringify(Principal).includes('"AWS"') || Principal === "*"
        ? [`${role.name} may be assumed by an account.`]
        : [],
    ),
  );

/** What the pipeline's deployer may make: roles in its stage's own path that are held. */
const rolesAreHeld: Rule = (graph) =>
  of(graph, "aws:iam/role:Role").flatMap(({ name, inputs }) => [
    ...(text(inputs.permissionsBoundary).includes(":policy/") ? [] : [`${name} has no boundary.`]),
    ...(inputs.path === `/rushes/${graph.stage}/`
      ? []
      : [`${name} has a path that says nothing of its stage.`]),
  ]);

const alarmsAreNamed: Rule = (graph) =>
  of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
    .filter(({ inputs }) => !text(inputs.name).startsWith(`rushes-${graph.stage}-`))
    .map(({ name }) => `A delivery does not hear ${name}: its name says nothing of its stage.`);

const noPipeline: Rule = (graph) =>
  graph.resources
    .filter(({ type }) => /^aws:(codepipeline|codebuild|codeconnections)\//.test(type))
    .map(({ name }) => `${name} would go with the stage that it delivers.`);

const noPublicBucket: Rule = (graph) =>
  of(graph, "aws:s3/bucket:Bucket").flatMap((bucket) => {
    const name = bucket.name.replace(/Bucket$/, "");
    const block = of(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").find(
      (one) => one.name === `${name}PublicAccessBlock`,
    );
    const closed = [
      "blockPublicAcls",
      "blockPublicPolicy",
      "ignorePublicAcls",
      "restrictPublicBuckets",
    ];
    if (!block) return [`The bucket ${name} does not block public access.`];
    return closed
      .filter((setting) => block.inputs[setting] !== true)
      .map((setting) => `The bucket ${name} leaves ${setting} off.`);
  });

const tlsOnly: Rule = (graph) =>
  of(graph, "aws:s3/bucket:Bucket").flatMap((bucket) => {
    const name = bucket.name.replace(/Bucket$/, "");
    const policy = of(graph, "aws:s3/bucketPolicy:BucketPolicy").find(
      (one) => one.name === `${name}Policy`,
    );
    const denied = statements(policy?.inputs.policy).some(
      ({ Effect, Condition }) =>
        Effect === "Deny" && String(Condition?.Bool?.["aws:SecureTransport"]) === "false",
    );
    return denied ? [] : [`The bucket ${name} answers without TLS.`];
  });

const encrypted: Rule = (graph) =>
  of(graph, "aws:sqs/queue:Queue")
    .filter((queue) => queue.inputs.sqsManagedSseEnabled !== true)
    .map((queue) => `The queue ${queue.name} is not encrypted.`)
    .concat(
      of(graph, "aws:sns/topic:Topic")
        .filter((topic) => !topic.inputs.kmsMasterKeyId)
        .map((topic) => `The topic ${topic.name} is not encrypted.`),
    );

const ownCors: Rule = (graph) =>
  of(graph, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").flatMap((cors) =>
    list(cors.inputs.corsRules).flatMap((rule) => {
      const origins = list(at(rule, "allowedOrigins")).map(text);
      return [
        ...origins
          .filter((origin) => origin.includes("*"))
          .map(() => `${cors.name} lets every page send.`),
        ...(Number(at(rule, "maxAgeSeconds")) > 0 ? [] : [`${cors.name} asks before every part.`]),
        ...(list(at(rule, "exposeHeaders")).includes("ETag")
          ? []
          : [`${cors.name} hides the ETag.`]),
      ];
    }),
  );

const abortsMultipart: Rule = (graph) =>
  ["Uploads", "Renditions"].flatMap((name) => {
    const lifecycle = of(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    const rules = list(lifecycle.find((one) => one.name === `${name}Lifecycle`)?.inputs.rules);
    const days = rules.map((rule) =>
      at(rule, "abortIncompleteMultipartUpload.daysAfterInitiation"),
    );
    return days.some((value) => Number(value) > 0) ? [] : [`${name} keeps parts for ever.`];
  });

/** Notifications of a bucket that HLS will fill must not start a function for every segment. */
const suffixes: Rule = (graph) =>
  of(graph, "aws:s3/bucketNotification:BucketNotification")
    .filter((one) => one.name.startsWith("Renditions"))
    .flatMap((one) =>
      list(one.inputs.queues)
        .filter((queue) => !text(at(queue, "filterSuffix")))
        .map((queue) => `The notification ${text(at(queue, "id"))} takes every object.`),
    );

/** What was sent to a queue that nobody may send to is lost without a word. */
function maySend(graph: Graph, role: string, queueArn: string): boolean {
  return grants(graph).some(
    ({ role: name, statement }) =>
      role.includes(name) &&
      list(statement.Action).includes("sqs:SendMessage") &&
      list(statement.Resource).includes(queueArn),
  );
}

const roleOf = (graph: Graph, functionName: string): string => {
  const named = of(graph, "aws:lambda/function:Function").find((one) =>
    text(one.inputs.name).startsWith(functionName),
  );
  return text(at(named?.inputs, "role"));
};
const nameInArn = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

const deadLetterPaths: Rule = (graph) => {
  const problems: string[] = [];
  const invoked = new Map(
    of(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").map((config) => [
      nameInArn(text(at(config.inputs, "functionName"))),
      text(at(config.inputs, "destinationConfig.onFailure.destination")),
    ]),
  );
  for (const lambda of of(graph, "aws:lambda/function:Function")) {
    const name = text(lambda.inputs.name).replace(/-[a-z]{8}$/, "");
    const asynchronous = ["TranscodeChanged", "Reconcile"].some(
      (one) => lambda.name === `${one}Function`,
    );
    if (!asynchronous) continue;
    const target = invoked.get(name) ?? "";
    if (!target) problems.push(`${lambda.name} has no on-failure target.`);
    else if (!maySend(graph, text(at(lambda.inputs, "role")), target)) {
      problems.push(`${lambda.name} may not send to its on-failure target.`);
    }
  }
  for (const mapping of of(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")) {
    const source = text(at(mapping.inputs, "eventSourceArn"));
    const role = roleOf(graph, nameInArn(text(at(mapping.inputs, "functionName"))));
    if (source.includes(":dynamodb:")) {
      const target = text(at(mapping.inputs, "destinationConfig.onFailure.destinationArn"));
      if (!target) problems.push(`${mapping.name} has no on-failure target.`);
      else if (!maySend(graph, role, target))
        problems.push(`${mapping.name} may not send to its on-failure target.`);
      continue;
    }
    const queue = of(graph, "aws:sqs/queue:Queue").find(
      (one) => nameInArn(source) === text(one.inputs.name).replace(/-[a-z]{8}$/, ""),
    );
    const redrive = JSON.parse(text(at(queue?.inputs, "redrivePolicy")) || "{}");
    if (!redrive.deadLetterTargetArn)
      problems.push(`${mapping.name} reads a queue without a dead-letter queue.`);
    if (!list(mapping.inputs.functionResponseTypes).includes("ReportBatchItemFailures")) {
      problems.push(`${mapping.name} repeats whole batches.`);
    }
  }
  for (const target of of(graph, "aws:cloudwatch/eventTarget:EventTarget")) {
    if (!at(target.inputs, "deadLetterConfig.arn"))
      problems.push(`${target.name} drops what it cannot hand over.`);
  }
  return problems;
};

const visibility: Rule = (graph) =>
  of(graph, "aws:lambda/eventSourceMapping:EventSourceMapping").flatMap((mapping) => {
    const source = nameInArn(text(at(mapping.inputs, "eventSourceArn")));
    const queue = of(graph, "aws:sqs/queue:Queue").find(
      (one) => text(one.inputs.name).replace(/-[a-z]{8}$/, "") === source,
    );
    if (!queue) return [];
    const called = nameInArn(text(at(mapping.inputs, "functionName")));
    const lambda = of(graph, "aws:lambda/function:Function").find((one) =>
      text(one.inputs.name).startsWith(called),
    );
    const timeout = Number(at(lambda?.inputs, "timeout"));
    const visible = Number(at(queue.inputs, "visibilityTimeoutSeconds"));
    return visible >= 6 * timeout
      ? []
      : [
          `${queue.name} shows a message again after ${visible} s, while its function may take ${timeout} s.`,
        ];
  });

const functionUrls: Rule = (graph) =>
  of(graph, "aws:lambda/functionUrl:FunctionUrl")
    .filter((url) => at(url.inputs, "authorizationType") !== "AWS_IAM")
    .map((url) => `${url.name} answers everybody.`);

const queuePolicies: Rule = (graph) =>
  of(graph, "aws:sqs/queuePolicy:QueuePolicy").flatMap((policy) =>
    statements(policy.inputs.policy)
      .filter(({ Condition }) => !Condition?.StringEquals?.["aws:SourceAccount"])
      .map(() => `${policy.name} lets any account's bucket send.`),
  );

const DATA = /^(aws:dynamodb\/table:Table|aws:s3\/bucket:Bucket) (Table|Uploads|Renditions)/;

const dataOutlivesMistakes: Rule = (graph) => {
  const data = graph.resources.filter(({ type, name }) => DATA.test(`${type} ${name}`));
  if (data.length < 3) return ["A bucket or the table is missing."];
  const production = graph.stage === "production";
  return data.flatMap((one) => [
    ...(one.protect === production
      ? []
      : [`${one.name} is ${one.protect ? "" : "not "}protected.`]),
    ...(one.retainOnDelete === production
      ? []
      : [`${one.name} is ${one.retainOnDelete ? "kept" : "removed"} with its stage.`]),
    ...(one.type.includes("bucket") && one.inputs.forceDestroy !== !production
      ? [`${one.name} ${production ? "can" : "cannot"} be removed with what it holds.`]
      : []),
  ]);
};

const tableRecovers: Rule = (graph) =>
  of(graph, "aws:dynamodb/table:Table").flatMap((table) => [
    ...(at(table.inputs, "pointInTimeRecovery.enabled") === true
      ? []
      : ["The table has no point-in-time recovery."]),
    ...(at(table.inputs, "ttl.attributeName") === "ttl" ? [] : ["The table's rows never end."]),
  ]);

const alarms: Rule = (graph) => {
  const watched = of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map((one) =>
    text(at(one.inputs, "dimensions.QueueName")),
  );
  return of(graph, "aws:sqs/queue:Queue")
    .filter((queue) => /Dead/.test(queue.name))
    .filter(
      (queue) => !watched.some((name) => text(queue.inputs.name).startsWith(name) && name !== ""),
    )
    .map((queue) => `Nobody hears of ${queue.name}.`);
};

/** CloudWatch may not use AWS's own key of SNS: its alarms would end at the topic without a word. */
const alarmsArrive: Rule = (graph) =>
  of(graph, "aws:sns/topic:Topic").flatMap((topic) => {
    const key = of(graph, "aws:kms/key:Key").find(({ name }) =>
      text(at(topic.inputs, "kmsMasterKeyId")).endsWith(`/${name}`),
    );
    const letIn = statements(key?.inputs.policy).some(
      ({ Effect, Principal, Action }) =>
        Effect === "Allow" &&
        at(Principal, "Service") === "cloudwatch.amazonaws.com" &&
        ["kms:Decrypt", "kms:GenerateDataKey*"].every((action) => list(Action).includes(action)),
    );
    return letIn ? [] : [`Alarms cannot be sent to ${topic.name}: its key is closed to them.`];
  });

const costIsWatched: Rule = (graph) => {
  const told = of(graph, "aws:budgets/budget:Budget").flatMap((budget) =>
    list(budget.inputs.notifications).filter(
      (one) => list(at(one, "subscriberEmailAddresses")).length > 0,
    ),
  );
  return ["FORECASTED", "ACTUAL"]
    .filter((type) => !told.some((one) => at(one, "notificationType") === type))
    .map((type) => `Nobody hears when the ${type.toLowerCase()} cost passes the budget.`);
};

const dashboardShowsQueues: Rule = (graph) => {
  const shown = of(graph, "aws:cloudwatch/dashboard:Dashboard")
    .map(({ inputs }) => text(inputs.dashboardBody))
    .join();
  return of(graph, "aws:sqs/queue:Queue")
    .filter(({ name }) => /^(Source|Rendition|Transcode|Job|Reconcile)/.test(name))
    .filter(({ inputs }) => !shown.includes(`"${text(inputs.name).replace(/-[a-z]{8}$/, "")}"`))
    .map(({ name }) => `The dashboard does not show ${name}.`);
};

const DATA_TYPES = /^aws:(s3\/bucket:Bucket|dynamodb\/table:Table|sqs\/queue:Queue)$/;
const costIsTagged: Rule = (graph) =>
  graph.resources
    .filter(({ type, name }) => DATA_TYPES.test(type) && !/^Web/.test(name))
    .filter(({ inputs }) => at(inputs, "tags.stage") !== graph.stage)
    .map(({ name }) => `Nobody can tell which stage pays for ${name}.`);

/** Values that only secrets may carry must not stand in the clear in any input. */
export const PLANTED = "planted-secret-of-the-tests-0123456789";
const secretsStaySecret: Rule = (graph) =>
  graph.resources
    .filter((one) => JSON.stringify(one.inputs, hideSecrets).includes(PLANTED))
    .map((one) => `${one.type} ${one.name} carries a secret in clear text.`);

function hideSecrets(_: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "secret" in value ? "secret" : value;
}

const handlersExist: Rule = (graph, root) =>
  Object.entries(graph.handlers)
    .filter(([, handler]) => handler.startsWith("packages/"))
    .filter(([, handler]) => !existsSync(join(root, handler.replace(/\.handler$/, ".ts"))))
    .map(([name, handler]) => `${name} runs ${handler}, which is no file.`);

const siteIsThere: Rule = (graph) => [
  ...(of(graph, "aws:cloudfront/distribution:Distribution").length > 0
    ? []
    : ["The site has no distribution."]),
  ...(graph.resources.some(
    ({ type, name }) => type === "aws:lambda/function:Function" && /^WebServer/.test(name),
  )
    ? []
    : ["The site has no server."]),
];

const viewerIsTold: Rule = (graph) => {
  const code = of(graph, "aws:cloudfront/function:Function").map((one) => text(one.inputs.code));
  const some = (pattern: RegExp) => code.some((one) => pattern.test(one));
  const token = /x-forwarded-authorization"\] = .{0,40}headers\.authorization\.value/;
  return [
    ...(some(/x-forwarded-viewer.{0,20}=.{0,20}event\.viewer\.ip/)
      ? []
      : ["The app must believe the client about where it comes from."]),
    ...(some(token) ? [] : ["CloudFront writes its signature over every token."]),
  ];
};

export const RULES = {
  "the app hears from CloudFront, and not from the client, who asks": viewerIsTold,
  "no action and no resource is a wildcard but the ones with a reason": noWildcards,
  "roles are for services, never for accounts": rolesTrustServices,
  "every role is held by the boundary, and known by its path": rolesAreHeld,
  "a delivery hears every alarm of the stage": alarmsAreNamed,
  "the stage contains nothing of what delivers it": noPipeline,
  "no bucket is public": noPublicBucket,
  "buckets answer by TLS only": tlsOnly,
  "queues and topics are encrypted": encrypted,
  "only our own page may send to a bucket": ownCors,
  "parts that nobody finished are removed": abortsMultipart,
  "segments start no function": suffixes,
  "whatever a function cannot handle is kept, and it may send it there": deadLetterPaths,
  "no message comes back while its function may still be at it": visibility,
  "function addresses answer CloudFront alone": functionUrls,
  "only our own account's services may send to our queues": queuePolicies,
  "production's data outlives a mistake; other stages go whole": dataOutlivesMistakes,
  "the table can be brought back to any moment": tableRecovers,
  "somebody hears of every dead letter": alarms,
  "an alarm reaches the operator": alarmsArrive,
  "somebody hears of the cost": costIsWatched,
  "the dashboard shows every queue": dashboardShowsQueues,
  "what holds data says which stage pays for it": costIsTagged,
  "no secret stands in clear text": secretsStaySecret,
  "every handler is a file": handlersExist,
  "the site is there": siteIsThere,
} satisfies Record<string, Rule>;
export type RuleName = keyof typeof RULES;
