/** What the pipeline's own stage knows of its surroundings; it needs nothing of what the app needs. */

import { required } from "../../infra/environment.ts";
import type { Target } from "../stages.ts";

/** Where the commits come from. */
export const repository = required(
  "RUSHES_REPOSITORY",
  "the repository on GitHub, like you/rushes",
);
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
  throw new Error(
    "RUSHES_REPOSITORY is no repository: give it the owner and the name, like you/rushes. docs/pipeline.md says more.",
  );
}
export const branch = process.env.RUSHES_BRANCH?.trim() || "main";
/** Who hears of staging, of what waits for approval, of production, and of what stopped. */
export const operator = required("RUSHES_OPERATOR", "the address that hears of deliveries");
/** Roles for GitHub Actions, for those who do not deliver by CodePipeline. */
export const githubActions = process.env.RUSHES_GITHUB_ACTIONS === "yes";

export const TARGETS = ["staging", "production"] as const satisfies readonly Target[];
export const account = aws.getCallerIdentityOutput().accountId;
export const region = aws.getRegionOutput().region;
export const tags = { app: $app.name, stage: $app.stage };

/** Names of the pipeline's own things begin alike, so that policies can tell them from the app's. */
export const named = (part: string): string => `${$app.name}-pipeline-${part}`;

/** The settings of a stage, one `NAME=value` a line, as its operator has put them there. */
export const settingsName = (target: Target): string => `/${$app.name}/${target}/settings`;
/** The function of the deployed stage that writes the record; infra/record.ts makes it. */
export const recorderName = (target: Target): string => `${$app.name}-${target}-release-recorded`;
