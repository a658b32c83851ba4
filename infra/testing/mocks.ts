/** The responses of AWS: IDs and ARNs are derived from names, so that two evaluations are equal. */
import type { MockCallArgs, MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime";

export const ACCOUNT = "123456789012";
export const REGION = "eu-central-1";

const arn = (service: string, rest: string, global = false) =>
  `arn:aws:${service}:${global ? "" : REGION}:${global && service !== "iam" ? "" : ACCOUNT}:${rest}`;

/** SST appends random characters to physical names. Without them, two evaluations are equal. */
const RANDOM = /-[abcdefhkmnorstuvwxz]{8}$/;
type Props = Record<string, unknown>;
const ARNS: Record<string, (name: string) => string> = {
  "aws:s3/bucketV2:BucketV2": (name) => `arn:aws:s3:::${name}`,
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:sqs/queue:Queue": (name) => arn("sqs", name),
  "aws:dynamodb/table:Table": (name) => arn("dynamodb", `table/${name}`),
  "aws:lambda/function:Function": (name) => arn("lambda", `function:${name}`),
  "aws:iam/role:Role": (name) => arn("iam", `role/${name}`, true),
  "aws:iam/policy:Policy": (name) => arn("iam", `policy/${name}`, true),
  "aws:cloudwatch/logGroup:LogGroup": (name) => arn("logs", `log-group:${name}`),
  "aws:cloudwatch/eventRule:EventRule": (name) => arn("events", `rule/${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => arn("cloudwatch", `alarm:${name}`),
  "aws:cloudfront/distribution:Distribution": (name) => arn("cloudfront", `distribution/${name}`),
  "aws:cloudfront/function:Function": (name) => arn("cloudfront", `function/${name}`),
  "aws:cognito/userPool:UserPool": (name) => arn("cognito-idp", `userpool/${REGION}_${name}`),
  "aws:mediaconvert/queue:Queue": (name) => arn("mediaconvert", `queues/${name}`),
  "aws:sns/topic:Topic": (name) => arn("sns", name),
  "aws:acm/certificate:Certificate": (name) => arn("acm", `certificate/${name}`),
  "aws:kms/key:Key": (name) => arn("kms", `key/${name}`),
  "aws:codepipeline/pipeline:Pipeline": (name) => arn("codepipeline", name),
  "aws:codebuild/project:Project": (name) => arn("codebuild", `project/${name}`),
  "aws:codeconnections/connection:Connection": (name) =>
    arn("codeconnections", `connection/${name}`),
  "aws:secretsmanager/secret:Secret": (name) => arn("secretsmanager", `secret:${name}`),
};

const bucket = (name: string): Props => ({
  bucket: name,
  bucketRegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
  region: REGION,
});
const random = (): Props => ({ hex: "00".repeat(8), dec: "0", base64: "AAAA" });

/** What a created resource has besides its ARN. `name` is its physical name, and `id` its logical ID. */
type Created = { name: string; id: string; arn: string; inputs: Props };
const OUTPUTS: Record<string, (created: Created) => Props> = {
  "aws:s3/bucketV2:BucketV2": ({ name }) => bucket(name),
  "aws:s3/bucket:Bucket": ({ name }) => bucket(name),
  "aws:sqs/queue:Queue": ({ name }) => ({
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
  }),
  "aws:dynamodb/table:Table": ({ arn: of }) => ({
    streamArn: `${of}/stream/2026-01-01T00:00:00.000`,
  }),
  "aws:lambda/function:Function": ({ arn: of }) => ({
    invokeArn: arn("apigateway", `lambda:path/functions/${of}/invocations`),
    qualifiedArn: `${of}:1`,
  }),
  "aws:lambda/functionUrl:FunctionUrl": ({ id }) => ({
    functionUrl: `https://${id.toLowerCase()}.lambda-url.${REGION}.on.aws/`,
  }),
  "aws:cloudfront/distribution:Distribution": ({ id }) => ({
    domainName: `${id.toLowerCase()}.cloudfront.net`,
    hostedZoneId: "Z2FDTNDATAQYW2",
  }),
  "aws:acm/certificate:Certificate": ({ inputs: { domainName } }) => ({
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: "_v",
        resourceRecordType: "CNAME",
        resourceRecordValue: "_w",
      },
    ],
  }),
  "aws:cognito/userPool:UserPool": ({ id }) => ({
    endpoint: `cognito-idp.${REGION}.amazonaws.com/${REGION}_${id}`,
  }),
  "aws:cognito/userPoolClient:UserPoolClient": () => ({ clientSecret: "the-client-secret" }),
  "random:index/randomId:RandomId": random,
  "random:index/randomBytes:RandomBytes": random,
  "random:index/randomPassword:RandomPassword": () => ({ result: "r".repeat(64) }),
  "tls:index/privateKey:PrivateKey": () => ({
    publicKeyPem: "-----BEGIN PUBLIC KEY-----",
    privateKeyPem: "-----BEGIN PRIVATE KEY-----",
  }),
};

function resource({
  type,
  name: logical,
  inputs,
  id,
}: MockResourceArgs): MockResourceResult & { id: string } {
  const name = typeof inputs.name === "string" ? inputs.name.replace(RANDOM, "") : logical;
  const of = ARNS[type]?.(name);
  const outputs = OUTPUTS[type]?.({ name, id: logical, arn: String(of), inputs }) ?? {};
  return {
    // A missing ID is an empty string here.
    id: id || (type === "aws:sqs/queue:Queue" ? String(outputs.url) : name),
    state: { ...inputs, name, ...(of !== undefined && { arn: of }), ...outputs },
  };
}

function call({ token, inputs }: MockCallArgs): Props {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT, arn: arn("iam", "user/deployer", true), userId: "U" };
    case "aws:index/getRegion:getRegion":
      return { name: REGION, region: REGION, id: REGION };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: JSON.stringify(policy(inputs)), id: "policy" };
    case "aws:cloudfront/getCachePolicy:getCachePolicy":
    case "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy":
    case "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy":
      return { ...inputs, id: String(inputs.name) };
    case "aws:sesv2/getEmailIdentity:getEmailIdentity":
    case "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider":
      return known(String(inputs.emailIdentity ?? inputs.url), inputs);
    case "aws:route53/getZone:getZone":
      return { ...inputs, zoneId: "ZONE", id: "ZONE" };
    default:
      return inputs;
  }
}

/** Resources that already exist in the account, for every stage. */
const ACCOUNT_HAS = ["example.com", "https://token.actions.githubusercontent.com"];

/** @throws as the provider does if the resource does not exist */
function known(what: string, inputs: Props): Props {
  if (!ACCOUNT_HAS.includes(what)) {
    const details = `reading ${what}: couldn't find resource`;
    // Pulumi reads `details`, as in gRPC errors.
    throw Object.assign(new Error(details), { details });
  }
  return { ...inputs, id: what };
}

/** An IAM policy document as AWS renders it from Pulumi's arguments. */
function policy(inputs: Props): object {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  // The shape is `aws.iam.GetPolicyDocumentArgs`. Its fields are read one by one.
  const statements = list(inputs.statements) as Record<string, unknown>[];
  return {
    Version: "2012-10-17",
    Statement: statements.map((statement) => {
      const principals = list(statement.principals) as { type: string; identifiers: string[] }[];
      const conditions = list(statement.conditions) as {
        test: string;
        variable: string;
        values: string[];
      }[];
      return {
        Effect: statement.effect ?? "Allow",
        ...(statement.actions !== undefined && { Action: statement.actions }),
        ...(statement.resources !== undefined && { Resource: statement.resources }),
        ...(principals.length > 0 && {
          Principal: Object.fromEntries(
            principals.map(({ type, identifiers }) => [type, identifiers]),
          ),
        }),
        ...(conditions.length > 0 && {
          Condition: Object.fromEntries(
            conditions.map(({ test, variable, values }) => [test, { [variable]: values }]),
          ),
        }),
      };
    }),
  };
}

export const mock = { resource, call };
