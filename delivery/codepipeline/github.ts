/**
 * Roles for GitHub Actions without a permanent key: GitHub proves the repository and the environment through OpenID
 * Connect and gets a role for one hour. RUSHES_GITHUB_ACTIONS=yes creates them.
 */
import { requireIssuer } from "../../infra/account.ts";
import type { Target } from "../stages.ts";
import { limits } from "./projects.ts";
import { role, TITLES } from "./role.ts";
import { repository, TARGETS } from "./settings.ts";

const issuer = "token.actions.githubusercontent.com";

const provider = await requireIssuer(issuer);

/** Only an environment, which reviewers protect, gets the role. A branch or a pull request does not. */
const deployer = (target: Target): aws.iam.Role =>
  role(`GitHub${TITLES[target]}Role`, {
    name: `github-${target}`,
    trust: $jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: provider },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: "sts.amazonaws.com",
              [`${issuer}:sub`]: `repo:${repository}:environment:${target}`,
            },
          },
        },
      ],
    }),
    permissions: { deploy: limits[target].permissions },
    boundary: limits[target].deployer.arn,
  });

/** The ARNs that the workflow needs, by stage. */
export const deployers = Object.fromEntries(
  TARGETS.map((target) => [`github-${target}`, deployer(target).arn]),
);
