/** Resources that two stages of one account must not both create. */
import type { Graph, Resource } from "../graph.ts";
import { text } from "../read.ts";
import type { AccountRule } from "../rule.ts";

/** An account, or a Region of it, has only one of these. Something else in the account may have created it. */
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

const onePerAccount = (graphs: Graph[]): string[] =>
  graphs.flatMap(({ stage, resources }) =>
    resources
      .filter(({ type }) => ONCE.has(type))
      .map(
        ({ name, type }) =>
          `${stage} creates ${name}, but an account has only one ${type.replace(/.*:/, "")}: look it up in infra/account.ts.`,
      ),
  );

/** The inputs that name a resource in its account, by its type where it is not `name`. */
const NAMES: Record<string, string> = {
  "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
  "aws:cognito/userPoolDomain:UserPoolDomain": "domain",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:sesv2/configurationSet:ConfigurationSet": "configurationSetName",
};
/** These names are unique only within their parent, which another stage does not share. */
const INNER = /^aws:(route53\/record|iam\/rolePolicy|cognito\/(userGroup|userPoolClient)):/;

/** The physical name that the program sets. Empty if AWS or Pulumi chooses it. */
export const givenName = ({ type, inputs }: Resource): string =>
  text(inputs[NAMES[type] ?? "name"]);

const sharedNames = (graphs: Graph[]): string[] => {
  const seen = new Map<string, string>();
  return graphs.flatMap(({ stage, resources }) =>
    resources.flatMap((resource) => {
      const { type } = resource;
      const name = `${type} ${givenName(resource)}`;
      if (!type.startsWith("aws:") || INNER.test(type) || givenName(resource) === "") return [];
      const other = seen.get(name);
      seen.set(name, stage);
      return other === undefined || other === stage
        ? []
        : [`${stage} and ${other} both create ${name}: only the first can be deployed.`];
    }),
  );
};

export const ACCOUNT = {
  "no stage creates what an account has only once": {
    rule: onePerAccount,
    breaks: [
      {
        what: "a sender identity that each stage creates",
        file: "infra/mail.ts",
        find: "await requireSender(sender);",
        put: 'new aws.sesv2.EmailIdentity("Identity", { emailIdentity: sender });',
      },
    ],
  },
  "no two stages create a resource of the same name": {
    rule: sharedNames,
    breaks: [
      {
        what: "a budget with the same name in every stage",
        file: "infra/watch.ts",
        find: /(new aws\.budgets\.Budget\("Cost", \{\s+name:) [^\n]*/,
        put: "$1 $app.name,",
      },
    ],
  },
} satisfies Record<string, AccountRule>;
