/**
 * Deployment by GitHub Actions, without a key that lasts: GitHub says by OpenID Connect which repository
 * and which environment asks, and gets a role for an hour. RUSHES_GITHUB_ACTIONS=yes makes it.
 */

import { requireIssuer } from "../../infra/account.ts";
import type { Target } from "../stages.ts";
import { held } from "./projects.ts";
import { role, TITLES } from "./role.ts";
import { repository, TARGETS } from "./settings.ts";

const issuer = "token.actions.githubusercontent.com";

const provider = await requireIssuer(issuer);

/** The environment is what GitHub's reviewers protect; a branch or a pull request gets no role. */
const deployer = (target: Target): aws.iam.Role =>
  role(`GitHub${TITLES[target]}Role`, {
    name: `github-${target}`,
    assumedBy: $jsonStringify({
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
    may: { deploy: held[target].may },
    boundary: held[target].deployer.arn,
  });

/** The roles that a workflow names, by stage. */
export const deployers = Object.fromEntries(
  TARGETS.map((target) => [`github-${target}`, deployer(target).arn]),
);
