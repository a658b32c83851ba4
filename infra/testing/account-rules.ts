/** What stages of one account must not both have, whichever of them is deployed first. */
import type { Graph, Resource } from "./graph.ts";
import { text } from "./rules.ts";

/** Looks at every stage of an account at once. */
export type AccountRule = (graphs: Graph[]) => string[];

/** What an account, or a Region of it, has only once: whoever else uses the account may have made it. */
const ONCE = new Set([
  "aws:apigateway/account:Account",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  "aws:iam/accountAlias:AccountAlias",
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/serviceLinkedRole:ServiceLinkedRole",
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  "aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet",
  "aws:ses/domainIdentity:DomainIdentity",
  "aws:ses/emailIdentity:EmailIdentity",
  "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes",
  "aws:sesv2/accountVdmAttributes:AccountVdmAttributes",
  "aws:sesv2/emailIdentity:EmailIdentity",
]);

const noneOfTheAccounts: AccountRule = (graphs) =>
  graphs.flatMap(({ stage, resources }) =>
    resources
      .filter(({ type }) => ONCE.has(type))
      .map(
        ({ name, type }) =>
          `${stage} makes ${name}, and an account has only one ${type.replace(/.*:/, "")}: look it up in infra/account.ts.`,
      ),
  );

/** The inputs that name a resource in its account, by its type where it is not `name`. */
const NAMES: Record<string, string> = {
  "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
  "aws:cognito/userPoolDomain:UserPoolDomain": "domain",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:sesv2/configurationSet:ConfigurationSet": "configurationSetName",
};
/** Of these a name is good within what they belong to, which another stage does not share. */
const INNER = /^aws:(route53\/record|iam\/rolePolicy|cognito\/(userGroup|userPoolClient)):/;

/** Its name in the account, where the program gives it one: the same name in another stage is a clash. */
function nameOf({ type, inputs }: Resource): string | undefined {
  const name = text(inputs[NAMES[type] ?? "name"]);
  return type.startsWith("aws:") && !INNER.test(type) && name !== ""
    ? `${type} ${name}`
    : undefined;
}

const namesAreOneStages: AccountRule = (graphs) => {
  const seen = new Map<string, string>();
  return graphs.flatMap(({ stage, resources }) =>
    resources.flatMap((resource) => {
      const name = nameOf(resource);
      if (name === undefined) return [];
      const other = seen.get(name);
      seen.set(name, stage);
      return other === undefined || other === stage
        ? []
        : [`${stage} and ${other} both make ${name}: only the first can be deployed.`];
    }),
  );
};

export const ACCOUNT_RULES = {
  "no stage makes what an account has only once": noneOfTheAccounts,
  "no two stages make a resource of the same name": namesAreOneStages,
} satisfies Record<string, AccountRule>;
