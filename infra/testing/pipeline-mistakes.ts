/** Mistakes that the pipeline must not have, each with the rule that is about it. */
import type { PIPELINE_RULES } from "./pipeline-rules.ts";

export interface PipelineMistake {
  what: string;
  file: string;
  find: string | RegExp;
  put: string;
  caughtBy: keyof typeof PIPELINE_RULES;
}

const approved = "a person who sees what changed approves before production";
const encrypted = "what stages hand on is encrypted by a key of ours";
const held = "whoever deploys is held by a boundary, and holds what it makes";
const wildcards = "no wildcard of the pipeline is without a written reason";
const alarms = "an alarm that begins to ring stops the delivery";

export const PIPELINE_MISTAKES: PipelineMistake[] = [
  {
    what: "an approval that is removed",
    file: "delivery/stages.ts",
    find: '  { id: "approval", title: "Wait for approval", kind: "approval", target: "production" },\n',
    put: "",
    caughtBy: approved,
  },
  {
    what: "an approval that comes after production",
    file: "delivery/codepipeline/index.ts",
    find: "stages: (STAGES as readonly DeliveryStage[]).map(",
    put: 'stages: (STAGES as readonly DeliveryStage[]).toSorted((one, other) => Number(one.kind === "approval") - Number(other.kind === "approval")).map(',
    caughtBy: approved,
  },
  {
    what: "an approval that shows nothing of what changed",
    file: "delivery/codepipeline/index.ts",
    find: /ExternalEntityLink: `.*`,/,
    put: 'ExternalEntityLink: "https://github.com",',
    caughtBy: approved,
  },
  {
    what: "a test stage after the production deployment",
    file: "delivery/stages.ts",
    find: /( {2}\{ id: "test",.*\},\n)([\s\S]*?)( {2}\{\n {4}id: "record",)/,
    put: "$2$1$3",
    caughtBy: "builds and tests come before any deployment",
  },
  {
    what: "no video through staging",
    file: "delivery/codepipeline/index.ts",
    find: "stages: (STAGES as readonly DeliveryStage[]).map(",
    put: 'stages: (STAGES as readonly DeliveryStage[]).filter(({ kind }) => kind !== "e2e").map(',
    caughtBy: "a video has gone through staging before anybody approves",
  },
  {
    what: "stages in an order of the pipeline's own",
    file: "delivery/codepipeline/index.ts",
    find: "stages: (STAGES as readonly DeliveryStage[]).map(",
    put: "stages: (STAGES as readonly DeliveryStage[]).toReversed().map(",
    caughtBy: "the pipeline's stages are those of delivery/stages.ts, in that order",
  },
  {
    what: "production deployed by what deploys staging",
    file: "delivery/codepipeline/projects.ts",
    find: 'plain("DELIVERY_STAGE", target)',
    put: 'plain("DELIVERY_STAGE", "staging")',
    caughtBy: "each stage runs what delivery/stages.ts says, where it says",
  },
  {
    what: "an artifact store that is not encrypted",
    file: "delivery/codepipeline/index.ts",
    find: '      encryptionKey: { id: key.arn, type: "KMS" },\n',
    put: "",
    caughtBy: encrypted,
  },
  {
    what: "an artifact bucket that does not encrypt by itself",
    file: "delivery/codepipeline/artifacts.ts",
    find: 'sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn',
    put: 'sseAlgorithm: "AES256"',
    caughtBy: encrypted,
  },
  {
    what: "an artifact bucket that answers without TLS",
    file: "delivery/codepipeline/artifacts.ts",
    find: '"aws:SecureTransport": "false"',
    put: '"aws:SecureTransport": "true"',
    caughtBy: "what stages hand on is private, and by TLS only",
  },
  {
    what: "a role that deploys without its boundary",
    file: "delivery/codepipeline/projects.ts",
    find: /\.\.\.\(kind === "deploy" && target && \{ boundary: held\[target\]\.deployer\.arn \}\),/,
    put: "",
    caughtBy: held,
  },
  {
    what: "a role of GitHub Actions without its boundary",
    file: "delivery/codepipeline/github.ts",
    find: "    boundary: held[target].deployer.arn,\n",
    put: "",
    caughtBy: held,
  },
  {
    what: "a boundary under which roles without one can be made",
    file: "delivery/codepipeline/boundary.ts",
    find: 'Condition: { StringEquals: { "iam:PermissionsBoundary": functions.arn } },',
    put: "",
    caughtBy: held,
  },
  {
    what: "a boundary that can be taken away",
    file: "delivery/codepipeline/boundary.ts",
    find: '"iam:DeleteRolePermissionsBoundary"',
    put: '"iam:DeleteRole"',
    caughtBy: held,
  },
  {
    what: "a boundary that takes away what the deployment needs",
    file: "delivery/codepipeline/boundary.ts",
    find: "document([...may, ...delivery, ...never(target)])",
    put: "document([...may, ...never(target)])",
    caughtBy: held,
  },
  {
    what: "one stage's boundary that forgets the other stage",
    file: "delivery/codepipeline/boundary.ts",
    find: 'Condition: { StringEquals: { "aws:ResourceTag/stage": other } },',
    put: 'Condition: { StringEquals: { "aws:ResourceTag/stage": "trial" } },',
    caughtBy: "what deploys staging cannot touch production, nor the other way",
  },
  {
    what: "one more service for whoever deploys",
    file: "delivery/codepipeline/boundary.ts",
    find: '  "acm:*",\n',
    put: '  "acm:*",\n  "organizations:*",\n',
    caughtBy: wildcards,
  },
  {
    what: "a test run that may do what a deployment may",
    file: "delivery/codepipeline/projects.ts",
    find: "  return { cache: caching(id), ",
    put: '  return { wide: [{ Action: ["s3:*"], Resource: "*" }], cache: caching(id), ',
    caughtBy: wildcards,
  },
  {
    what: "a role that every repository of GitHub gets",
    file: "delivery/codepipeline/github.ts",
    find: /`repo:.*`/,
    put: '"repo:*"',
    caughtBy: "a role of the pipeline is for one, and for nobody else",
  },
  {
    what: "a role that any pipeline of anybody gets",
    file: "delivery/codepipeline/role.ts",
    find: 'StringEquals: { "aws:SourceAccount": account },',
    put: "",
    caughtBy: "a role of the pipeline is for one, and for nobody else",
  },
  {
    what: "a token in clear text",
    file: "delivery/codepipeline/projects.ts",
    find: '{ name: "RUSHES_TOKEN", value: token.name, type: "SECRETS_MANAGER" }',
    put: '{ name: "RUSHES_TOKEN", value: "rushes_0123" }',
    caughtBy: "no secret of the pipeline stands in clear text",
  },
  {
    what: "a token that npm writes into the log",
    file: "delivery/buildspec/e2e.yml",
    find: "npm run --silent e2e",
    put: "npm run e2e",
    caughtBy: "no secret of the pipeline stands in clear text",
  },
  {
    what: "a buildspec that is no file",
    file: "delivery/codepipeline/projects.ts",
    find: "buildspec: stage.buildspec }",
    put: 'buildspec: stage.buildspec.replace(".yml", ".yaml") }',
    caughtBy: "buildspecs are files that call the project's own scripts",
  },
  {
    what: "a buildspec that calls a script which there is not",
    file: "delivery/buildspec/test.yml",
    find: "- npm test",
    put: "- npm run tset",
    caughtBy: "buildspecs are files that call the project's own scripts",
  },
  {
    what: "a variable that no stage has said",
    file: "delivery/buildspec/notice.yml",
    find: "exported-variables: [RANGE]",
    put: "exported-variables: [RANGES]",
    caughtBy: "a variable that a stage asks for has been said before",
  },
  {
    what: "notices that are not encrypted",
    file: "delivery/codepipeline/notices.ts",
    find: "  kmsMasterKeyId: key.arn,\n",
    put: "",
    caughtBy: "notices are encrypted, and whoever sends them may",
  },
  {
    what: "notices that end at the topic's key",
    file: "delivery/codepipeline/notices.ts",
    find: '"kms:Decrypt", "kms:GenerateDataKey"',
    put: '"kms:Decrypt"',
    caughtBy: "notices are encrypted, and whoever sends them may",
  },
  {
    what: "logs that are kept for ever",
    file: "delivery/codepipeline/projects.ts",
    find: "    retentionInDays: 90,\n",
    put: "",
    caughtBy: "logs of builds end",
  },
  {
    what: "a deployment out of a cache",
    file: "delivery/buildspec/deploy.yml",
    find: "phases:",
    put: "cache:\n  paths: [/root/.npm/**/*]\nphases:",
    caughtBy: "what is deployed comes out of no cache",
  },
  {
    what: "a delivery that goes on while an alarm rings",
    file: "delivery/buildspec/deploy.yml",
    find: /.*ci:quiet.*\n/,
    put: "",
    caughtBy: alarms,
  },
  {
    what: "a check of alarms that may not look at them",
    file: "delivery/codepipeline/projects.ts",
    find: "[readingSettings(target), watching]",
    put: "[readingSettings(target)]",
    caughtBy: alarms,
  },
  {
    what: "a pipeline that starts twice",
    file: "delivery/codepipeline/index.ts",
    find: 'DetectChanges: "false"',
    put: 'DetectChanges: "true"',
    caughtBy: "pushes and tags start the pipeline, once",
  },
  {
    what: "the app within what delivers it",
    file: "sst.config.ts",
    find: 'return (await import("./delivery/codepipeline/index.ts")).outputs;',
    put: '{ new aws.sqs.Queue("Planted"); new aws.dynamodb.Table("Planted", { attributes: [] }); return (await import("./delivery/codepipeline/index.ts")).outputs; }',
    caughtBy: "the pipeline contains nothing of the app",
  },
];
