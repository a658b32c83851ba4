/**
 * What the evaluated pipeline must keep. Each rule answers with sentences about what breaks it, as those of
 * the app do; the tests and the seeded defects use the same ones.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type DeliveryStage, STAGES } from "../../delivery/stages.ts";
import type { Graph, Resource } from "./graph.ts";
import { at, grants, type Rule } from "./rules.ts";

const of = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === type);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string | string[];
  Condition?: unknown;
}
/** Written by our own `document`, or by `$jsonStringify` in the same shape. */
const statements = (policy: unknown): Statement[] =>
  (JSON.parse(text(policy) || '{"Statement":[]}') as { Statement: Statement[] }).Statement;

const roles = (graph: Graph) => of(graph, "aws:iam/role:Role");
const policyByArn = (graph: Graph, arn: unknown): Resource | undefined =>
  of(graph, "aws:iam/policy:Policy").find(({ inputs }) => text(arn).endsWith(`/${inputs.name}`));
const roleByArn = (graph: Graph, arn: unknown): Resource | undefined =>
  roles(graph).find(({ inputs }) => text(arn).endsWith(`/${inputs.name}`));
const projectNamed = (graph: Graph, name: unknown): Resource | undefined =>
  of(graph, "aws:codebuild/project:Project").find(({ inputs }) => inputs.name === name);

interface Placed {
  stage: string;
  action: unknown;
  project?: Resource;
  buildspec: string;
}
/** Every action of the pipeline, in the order in which it runs. */
function actions(graph: Graph): Placed[] {
  const [pipeline] = of(graph, "aws:codepipeline/pipeline:Pipeline");
  return list(pipeline?.inputs.stages).flatMap((stage) =>
    list(at(stage, "actions")).map((action) => {
      const project = projectNamed(graph, at(action, "configuration.ProjectName"));
      const buildspec = text(at(project?.inputs, "source.buildspec"));
      return { stage: text(at(stage, "name")), action, project, buildspec };
    }),
  );
}

const target = ({ project }: Placed): unknown =>
  list(at(project?.inputs, "environment.environmentVariables")).find(
    (variable) => at(variable, "name") === "DELIVERY_STAGE",
  );
const isDeploy = (placed: Placed, stage?: string): boolean =>
  placed.buildspec === "delivery/buildspec/deploy.yml" &&
  (!stage || at(target(placed), "value") === stage);

const sameStages: Rule = (graph) => {
  const there = actions(graph).map(({ stage }) => stage);
  const wanted = STAGES.map(({ id }) => id);
  return there.join() === wanted.join()
    ? []
    : [`The pipeline runs ${there.join(", ")}; delivery/stages.ts says ${wanted.join(", ")}.`];
};

const sameWork: Rule = (graph) =>
  (STAGES as readonly DeliveryStage[]).flatMap(({ id, buildspec, target: where }) => {
    const placed = actions(graph).find(({ stage }) => stage === id);
    if (!placed || (buildspec ?? "") !== placed.buildspec) {
      return [`${id} runs ${placed?.buildspec || "nothing"}, not ${buildspec ?? "nothing"}.`];
    }
    return !buildspec || at(target(placed), "value") === where
      ? []
      : [`${id} touches ${text(at(target(placed), "value"))}, not ${where}.`];
  });

/** Told by what is run and not by the stages' names: a list that is wrong itself is caught, too. */
const testsFirst: Rule = (graph) => {
  const all = actions(graph);
  const deploy = all.findIndex((one) => isDeploy(one));
  const late = ["delivery/buildspec/build.yml", "delivery/buildspec/test.yml"].filter(
    (buildspec) => {
      const found = all.findIndex((one) => one.buildspec === buildspec);
      const last = all.findLastIndex((one) => one.buildspec === buildspec);
      return found < 0 || last > deploy;
    },
  );
  return deploy < 0
    ? ["Nothing is deployed."]
    : late.map((one) => `${one} does not run before all deployments.`);
};

const videoBeforeApproval: Rule = (graph) => {
  const all = actions(graph);
  const staging = all.findIndex((one) => isDeploy(one, "staging"));
  const video = all.findIndex((one) => one.buildspec === "delivery/buildspec/e2e.yml");
  const approval = all.findIndex(({ action }) => at(action, "category") === "Approval");
  return staging >= 0 && staging < video && video < approval
    ? []
    : ["No video has gone through staging before somebody approves."];
};

const approved: Rule = (graph) => {
  const all = actions(graph);
  const production = all.findIndex((one) => isDeploy(one, "production"));
  const before = all.slice(0, Math.max(production, 0));
  const approval = before.find(({ action }) => at(action, "category") === "Approval")?.action;
  if (!approval) return ["Production is deployed without anybody's approval."];
  const told = text(at(approval, "configuration.NotificationArn"));
  const link = text(at(approval, "configuration.ExternalEntityLink"));
  return [
    ...(told.includes(":sns:") ? [] : ["Nobody hears that an approval is waited for."]),
    ...(/^https:\/\/github\.com\/[^/]+\/[^/]+\/compare\/#\{.+\}$/.test(link)
      ? []
      : ["Who approves is not led to what changed."]),
    ...(at(approval, "owner") === "AWS" && at(approval, "provider") === "Manual"
      ? []
      : ["It is not a person who approves."]),
  ];
};

const artifactsEncrypted: Rule = (graph) => {
  const [pipeline] = of(graph, "aws:codepipeline/pipeline:Pipeline");
  const stores = list(pipeline?.inputs.artifactStores);
  const keys = of(graph, "aws:kms/key:Key");
  const isOurs = (arn: unknown) => keys.some(({ name }) => text(arn).endsWith(`/${name}`));
  const encryption = of(
    graph,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  ).flatMap(({ inputs }) => list(inputs.rules));
  const byDefault = encryption.some((rule) => {
    const how = at(rule, "applyServerSideEncryptionByDefault");
    return at(how, "sseAlgorithm") === "aws:kms" && isOurs(at(how, "kmsMasterKeyId"));
  });
  return [
    ...(stores.length > 0 ? [] : ["The pipeline has no artifact store."]),
    ...stores
      .filter((store) => !isOurs(at(store, "encryptionKey.id")))
      .map(() => "The artifact store is not encrypted by a key of ours."),
    ...(byDefault ? [] : ["The artifacts' bucket does not encrypt by itself."]),
    ...of(graph, "aws:codebuild/project:Project")
      .filter(({ inputs }) => !isOurs(inputs.encryptionKey))
      .map(({ name }) => `${name} writes what is not encrypted by a key of ours.`),
  ];
};

const artifactsPrivate: Rule = (graph) => {
  const [block] = of(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
  const closed = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls"];
  const [policy] = of(graph, "aws:s3/bucketPolicy:BucketPolicy");
  const tls = statements(policy?.inputs.policy).some(
    ({ Effect, Condition }) =>
      Effect === "Deny" &&
      String(at(Condition, "Bool")) !== "undefined" &&
      JSON.stringify(Condition).includes('"aws:SecureTransport":"false"'),
  );
  return [
    ...[...closed, "restrictPublicBuckets"]
      .filter((setting) => block?.inputs[setting] !== true)
      .map((setting) => `The artifacts' bucket leaves ${setting} off.`),
    ...(tls ? [] : ["The artifacts' bucket answers without TLS."]),
  ];
};

/** Those that put up the app: by what runs them, and by what they may do. */
function deployers(graph: Graph): Resource[] {
  const run = actions(graph)
    .filter((one) => isDeploy(one))
    .map(({ project }) => roleByArn(graph, project?.inputs.serviceRole));
  const wide = grants(graph)
    .filter(({ statement }) => list(statement.Action).some((one) => text(one).endsWith(":*")))
    .map(({ role }) => roles(graph).find(({ name }) => name === role));
  return [...new Set([...run, ...wide].filter((role) => role !== undefined))];
}

const deployersHeld: Rule = (graph) => {
  const all = deployers(graph);
  if (all.length < 2) return ["A role that deploys is missing."];
  return all.flatMap(({ name, inputs }) => {
    const boundary = policyByArn(graph, inputs.permissionsBoundary);
    if (!boundary) return [`${name} deploys without a boundary.`];
    const held = statements(boundary.inputs.policy);
    const makesRoles = held.filter(
      ({ Effect, Action }) => Effect === "Allow" && Action.includes("iam:CreateRole"),
    );
    const handsOn = makesRoles.every(({ Condition }) =>
      policyByArn(
        graph,
        at(Condition, "StringEquals") &&
          Reflect.get(Object(at(Condition, "StringEquals")), "iam:PermissionsBoundary"),
      ),
    );
    const keeps = held.some(
      ({ Effect, Action }) =>
        Effect === "Deny" && Action.includes("iam:DeleteRolePermissionsBoundary"),
    );
    const allowed = held.filter(({ Effect }) => Effect === "Allow");
    const cut = grants(graph)
      .filter(({ role }) => role === name)
      .flatMap(({ statement }) =>
        list(statement.Action).flatMap((action) =>
          list(statement.Resource).map((resource) => [text(action), text(resource)] as const),
        ),
      )
      .filter(
        ([action, resource]) =>
          !allowed.some(
            (one) =>
              one.Action.some((pattern) => covers(pattern, action)) &&
              list(one.Resource).some((pattern) => covers(text(pattern), resource)),
          ),
      );
    return [
      ...(handsOn && makesRoles.length > 0 ? [] : [`${name} may make roles without a boundary.`]),
      ...(keeps ? [] : [`${name} may take boundaries away.`]),
      ...cut.map(([action, of]) => `The boundary of ${name} takes ${action} on ${of} away.`),
    ];
  });
};

const covers = (pattern: string, action: string): boolean =>
  pattern === action || (pattern.endsWith("*") && action.startsWith(pattern.slice(0, -1)));

/** IAM takes 6,144 characters for a policy of its own, blanks not counted. */
const policiesFit: Rule = (graph) =>
  of(graph, "aws:iam/policy:Policy")
    .filter(({ inputs }) => text(inputs.policy).replaceAll(/\s/g, "").length > 6144)
    .map(({ name }) => `${name} is longer than IAM takes.`);

/** Staging and production: what deploys one is refused the other, by its tag and by its name. */
const stagesApart: Rule = (graph) =>
  (["staging", "production"] as const).flatMap((stage) => {
    const other = stage === "staging" ? "production" : "staging";
    const boundary = of(graph, "aws:iam/policy:Policy").find(
      ({ inputs }) => text(inputs.name) === `rushes-pipeline-${stage}-deployer`,
    );
    const all = statements(boundary?.inputs.policy);
    const byTag = all.some(
      ({ Effect, Action, Condition }) =>
        Effect === "Deny" &&
        Action.includes("*") &&
        JSON.stringify(Condition) === `{"StringEquals":{"aws:ResourceTag/stage":"${other}"}}`,
    );
    const denied = all
      .filter(({ Effect }) => Effect === "Deny")
      .flatMap((one) => list(one.Resource));
    const byName = ["sst-state-*/*/rushes/", "function:rushes-", "table/rushes-", ":rushes-"].every(
      (name) => denied.some((arn) => text(arn).includes(`${name}${other}`)),
    );
    const reaching = all
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap((one) => list(one.Resource).map(text))
      .filter((arn) => arn.includes(other));
    return [
      ...(byTag && byName ? [] : [`What deploys ${stage} may touch ${other}.`]),
      ...reaching.map((arn) => `What deploys ${stage} is let to ${arn}.`),
    ];
  });

/** Wildcards that stay; docs/pipeline.md gives each its reason. */
const REASONED = [
  ...["acm:*", "budgets:*", "cloudfront:*", "cloudfront-keyvaluestore:*", "cloudwatch:*"],
  ...["cognito-idp:*", "dynamodb:*", "events:*", "kms:*", "lambda:*", "logs:*", "mediaconvert:*"],
  ...["route53:*", "s3:*", "scheduler:*", "ses:*", "sns:*", "sqs:*"],
];
/** These know no narrower resource, or none that is known before. */
const EVERYWHERE = [
  ...["ses:SendEmail", "cloudfront:CreateInvalidation", "codepipeline:ListActionExecutions"],
  ...["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
];

const noWildcards: Rule = (graph, root) => {
  const documents = readFileSync(join(root, "docs/pipeline.md"), "utf8");
  const inPolicies = of(graph, "aws:iam/policy:Policy").flatMap(({ name, inputs }) =>
    statements(inputs.policy).map((statement) => ({ role: name, statement })),
  );
  const inRoles = grants(graph).map(({ role, statement }) => ({ role, statement }));
  const held = new Set(
    deployers(graph)
      .filter(({ inputs }) => inputs.permissionsBoundary)
      .map(({ name }) => name),
  );
  return [...inRoles, ...inPolicies].flatMap(({ role, statement }) => {
    if (statement.Effect !== "Allow") return [];
    const done = list(statement.Action).map(text);
    const mayBeWide = held.has(role) || role.endsWith("Boundary");
    const wide = done.filter(
      (action) => action.includes("*") && !(mayBeWide && REASONED.includes(action)),
    );
    const open = list(statement.Resource).includes("*")
      ? done.filter((action) => !REASONED.includes(action) && !EVERYWHERE.includes(action))
      : [];
    return [
      ...wide.map((action) => `${role} may do ${action}, which has no reason.`),
      ...open.map((action) => `${role} may do ${action} to everything.`),
      ...done
        .filter((action) => action.includes("*") && !documents.includes(`\`${action}\``))
        .map((action) => `docs/pipeline.md does not say why ${role} may do ${action}.`),
    ];
  });
};

/** A role is for one service on behalf of one thing of ours, or for one environment of one repository. */
const rolesTrustOne: Rule = (graph) =>
  roles(graph).flatMap(({ name, inputs }) =>
    (
      JSON.parse(text(inputs.assumeRolePolicy)) as {
        Statement: { Principal: unknown; Condition?: Record<string, Record<string, string>> }[];
      }
    ).Statement.flatMap(({ Principal, Condition }) => {
      const equals = Condition?.StringEquals ?? {};
      const subject = Object.entries(equals).find(([key]) => key.endsWith(":sub"))?.[1];
      const audience = Object.entries(equals).find(([key]) => key.endsWith(":aud"))?.[1];
      const service =
        typeof at(Principal, "Service") === "string" &&
        equals["aws:SourceAccount"] !== undefined &&
        Condition?.ArnLike?.["aws:SourceArn"] !== undefined;
      const environment =
        /:oidc-provider\//.test(text(at(Principal, "Federated"))) &&
        audience === "sts.amazonaws.com" &&
        /^repo:[\w.-]+\/[\w.-]+:environment:(staging|production)$/.test(subject ?? "");
      return service || environment ? [] : [`${name} may be assumed by more than one.`];
    }),
  );

const noLastingKeys: Rule = (graph) =>
  graph.resources
    .filter(({ type }) => /^aws:iam\/(accessKey|user):/.test(type))
    .map(({ name }) => `${name} is a key that lasts.`);

interface Buildspec {
  version: number;
  env?: { "exported-variables"?: string[]; variables?: Record<string, string> };
  phases: Record<string, { commands: string[] }>;
  cache?: unknown;
}

function buildspec(root: string, path: string): Buildspec | undefined {
  try {
    // Read field by field below; what is missing is a sentence there.
    return parse(readFileSync(join(root, path), "utf8")) as Buildspec;
  } catch {
    return undefined;
  }
}
const commands = (spec: Buildspec | undefined): string[] =>
  Object.values(spec?.phases ?? {}).flatMap((phase) => phase.commands);

const buildspecsRun: Rule = (graph, root) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return of(graph, "aws:codebuild/project:Project").flatMap(({ name, inputs }) => {
    const path = text(at(inputs, "source.buildspec"));
    if (!existsSync(join(root, path))) return [`${name} runs ${path}, which is no file.`];
    const spec = buildspec(root, path);
    if (spec?.version !== 0.2 || commands(spec).length === 0) return [`${path} is no buildspec.`];
    const called = commands(spec).flatMap(
      (line) => line.match(/npm (?:run (?:--silent )?[\w:]+|test)/g) ?? [],
    );
    const unknown = called
      .map((call) => call.split(" ").at(-1) ?? "")
      .filter((script) => scripts[script] === undefined);
    return [
      ...(called.length > 0 ? [] : [`${path} calls none of the project's scripts.`]),
      ...unknown.map((script) => `${path} calls npm run ${script}, which there is not.`),
    ];
  });
};

/** `#{stage.NAME}` must have been exported by a stage before; CodePipeline finds out only when it runs. */
const variablesKnown: Rule = (graph, root) => {
  const known = new Set(["codepipeline.PipelineExecutionId"]);
  return actions(graph).flatMap(({ stage, action, buildspec: path }) => {
    const used = [...JSON.stringify(at(action, "configuration")).matchAll(/#\{([^}]+)\}/g)];
    const problems = used
      .filter(([, name]) => !known.has(name ?? ""))
      .map(([whole]) => `${stage} asks for ${whole}, which no stage before has said.`);
    const space = text(at(action, "namespace"));
    if (at(action, "category") === "Source") known.add(`${space}.CommitId`);
    for (const name of buildspec(root, path)?.env?.["exported-variables"] ?? []) {
      known.add(`${space}.${name}`);
    }
    return problems;
  });
};

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PRIVATE|CREDENTIAL/i;
const noClearSecrets: Rule = (graph, root) =>
  of(graph, "aws:codebuild/project:Project").flatMap(({ name, inputs }) => {
    const spec = buildspec(root, text(at(inputs, "source.buildspec")));
    const shown = list(at(inputs, "environment.environmentVariables"))
      .filter((one) => SECRET_NAME.test(text(at(one, "name"))))
      .filter((one) => at(one, "type") !== "SECRETS_MANAGER")
      .map((one) => text(at(one, "name")));
    const written = Object.keys(spec?.env?.variables ?? {}).filter((one) => SECRET_NAME.test(one));
    const echoed = commands(spec).filter(
      (line) => /\$\{?RUSHES_TOKEN/.test(line) && !line.includes("--silent"),
    );
    return [
      ...[...shown, ...written].map((one) => `${name} has ${one} in clear text.`),
      ...echoed.map(() => `${name} writes its token into the log.`),
    ];
  });

const noticesArrive: Rule = (graph) => {
  const [topic] = of(graph, "aws:sns/topic:Topic");
  const topicArn = text(topic?.inputs.name);
  const key = text(topic?.inputs.kmsMasterKeyId);
  const may = (role: Resource | undefined, action: string, resource: string) =>
    grants(graph).some(
      (one) =>
        one.role === role?.name &&
        list(one.statement.Action).includes(action) &&
        list(one.statement.Resource).some((arn) => resource !== "" && text(arn).endsWith(resource)),
    );
  const [pipeline] = of(graph, "aws:codepipeline/pipeline:Pipeline");
  const stopped = of(graph, "aws:cloudwatch/eventTarget:EventTarget");
  const publishers = [
    ["The pipeline", roleByArn(graph, pipeline?.inputs.roleArn)] as const,
    ...stopped.map(({ name, inputs }) => [name, roleByArn(graph, inputs.roleArn)] as const),
    ...actions(graph)
      .filter((one) => one.buildspec === "delivery/buildspec/notice.yml")
      .map(({ stage, project }) => [stage, roleByArn(graph, project?.inputs.serviceRole)] as const),
  ];
  return [
    ...(key.includes(":kms:") ? [] : ["Notices are not encrypted by a key of ours."]),
    ...publishers
      .filter(
        ([, role]) =>
          !may(role, "sns:Publish", `:${topicArn}`) ||
          !may(role, "kms:GenerateDataKey", key) ||
          !may(role, "kms:Decrypt", key),
      )
      .map(([name]) => `${name} may not send notices.`),
    ...(of(graph, "aws:sns/topicSubscription:TopicSubscription").length > 0
      ? []
      : ["Nobody reads the notices."]),
    ...(stopped.some(({ inputs }) =>
      /^"[^"]*<stage>[^"]*"$/.test(text(at(inputs, "inputTransformer.inputTemplate"))),
    )
      ? []
      : ["A delivery that stops is told in JSON, or not at all."]),
  ];
};

const logsEnd: Rule = (graph) =>
  of(graph, "aws:codebuild/project:Project").flatMap(({ name, inputs }) => {
    const wanted = at(inputs, "logsConfig.cloudwatchLogs.groupName");
    const log = of(graph, "aws:cloudwatch/logGroup:LogGroup").find(
      (one) => one.inputs.name === wanted,
    );
    return Number(log?.inputs.retentionInDays) > 0 ? [] : [`The log of ${name} is kept for ever.`];
  });

const noPoisonedCache: Rule = (graph, root) =>
  actions(graph)
    .filter((one) => isDeploy(one))
    .filter(
      ({ project, buildspec: path }) =>
        project?.inputs.cache !== undefined || buildspec(root, path)?.cache !== undefined,
    )
    .map(({ stage }) => `${stage} deploys out of a cache that others may have written.`);

const alarmsStop: Rule = (graph, root) =>
  actions(graph)
    .filter(({ buildspec: path }) =>
      ["delivery/buildspec/deploy.yml", "delivery/buildspec/e2e.yml"].includes(path),
    )
    .flatMap(({ stage, project, buildspec: path }) => {
      const said = commands(buildspec(root, path));
      const work = said.findIndex((line) => /ci:deploy|run --silent e2e/.test(line));
      const looks = said.findLastIndex((line) => line.includes("ci:quiet"));
      const role = roleByArn(graph, project?.inputs.serviceRole);
      const mayLook = grants(graph).some(
        (one) =>
          one.role === role?.name &&
          list(one.statement.Action).some((action) =>
            covers(text(action), "cloudwatch:DescribeAlarms"),
          ),
      );
      return work >= 0 && looks > work && mayLook ? [] : [`${stage} goes on while an alarm rings.`];
    });

const triggers: Rule = (graph) => {
  const [pipeline] = of(graph, "aws:codepipeline/pipeline:Pipeline");
  const pushes = list(pipeline?.inputs.triggers).flatMap((trigger) =>
    list(at(trigger, "gitConfiguration.pushes")),
  );
  const source = actions(graph).find(({ action }) => at(action, "category") === "Source")?.action;
  return [
    ...(pipeline?.inputs.pipelineType === "V2" ? [] : ["Only a V2 pipeline knows triggers."]),
    ...(pushes.some((push) => list(at(push, "branches.includes")).includes("main"))
      ? []
      : ["A push to main starts nothing."]),
    ...(pushes.some((push) => list(at(push, "tags.includes")).length > 0)
      ? []
      : ["A tag starts nothing."]),
    ...(at(source, "configuration.DetectChanges") === "false"
      ? []
      : ["A push starts the pipeline twice."]),
  ];
};

/** The pipeline outlives what it deploys: neither is part of the other. */
const pipelineAlone: Rule = (graph) =>
  graph.resources
    .filter(({ type }) =>
      /^aws:(dynamodb|lambda|cloudfront|mediaconvert|cognito)\/|^sst:/.test(type),
    )
    .map(({ type, name }) => `${type} ${name} is part of the app, not of what delivers it.`);

export const PIPELINE_RULES = {
  "the pipeline's stages are those of delivery/stages.ts, in that order": sameStages,
  "each stage runs what delivery/stages.ts says, where it says": sameWork,
  "builds and tests come before any deployment": testsFirst,
  "a video has gone through staging before anybody approves": videoBeforeApproval,
  "a person who sees what changed approves before production": approved,
  "what stages hand on is encrypted by a key of ours": artifactsEncrypted,
  "what stages hand on is private, and by TLS only": artifactsPrivate,
  "whoever deploys is held by a boundary, and holds what it makes": deployersHeld,
  "policies are as short as IAM takes them": policiesFit,
  "what deploys staging cannot touch production, nor the other way": stagesApart,
  "no wildcard of the pipeline is without a written reason": noWildcards,
  "a role of the pipeline is for one, and for nobody else": rolesTrustOne,
  "nobody has a key that lasts": noLastingKeys,
  "buildspecs are files that call the project's own scripts": buildspecsRun,
  "a variable that a stage asks for has been said before": variablesKnown,
  "no secret of the pipeline stands in clear text": noClearSecrets,
  "notices are encrypted, and whoever sends them may": noticesArrive,
  "logs of builds end": logsEnd,
  "what is deployed comes out of no cache": noPoisonedCache,
  "an alarm that begins to ring stops the delivery": alarmsStop,
  "pushes and tags start the pipeline, once": triggers,
  "the pipeline contains nothing of the app": pipelineAlone,
} satisfies Record<string, Rule>;

/** What `app`, a stage that the pipeline deploys, grants its functions and their boundary takes away again. */
export function takenFromFunctions(pipeline: Graph, app: Graph): string[] {
  const boundary = of(pipeline, "aws:iam/policy:Policy").find(
    ({ inputs }) => inputs.name === `rushes-pipeline-${app.stage}-functions`,
  );
  const allowed = statements(boundary?.inputs.policy).filter(({ Effect }) => Effect === "Allow");
  // The mocks know neither the names of buckets nor the paths of roles.
  const real = (arn: string) =>
    arn
      .replace(/^arn:aws:s3:::/, `arn:aws:s3:::rushes-${app.stage}-`)
      .replace(/:role\//, `:role/rushes/${app.stage}/`);
  return grants(app).flatMap(({ role, statement }) =>
    list(statement.Action).flatMap((action) =>
      list(statement.Resource)
        .map((arn) => real(text(arn)))
        .filter(
          (arn) =>
            !allowed.some(
              (one) =>
                one.Action.some((pattern) => covers(pattern, text(action))) &&
                list(one.Resource).some((pattern) => covers(text(pattern), arn)),
            ),
        )
        .map((arn) => `${role} may ${text(action)} on ${arn}, which its boundary takes away.`),
    ),
  );
}
