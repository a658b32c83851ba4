/** The settings of the stage `pipeline`, and the names that it shares with the app's stages. */
import { required } from "../../infra/environment.ts";
import type { Target } from "../stages.ts";

/** The repository to deliver. */
export const repository = required(
  "RUSHES_REPOSITORY",
  "the repository on GitHub, like you/rushes",
);
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
  throw new Error(
    "RUSHES_REPOSITORY is not a repository. Give it the owner and the name, like you/rushes. See docs/pipeline.md.",
  );
}
export const branch = process.env.RUSHES_BRANCH?.trim() || "main";
/** The address that receives notices about deliveries. */
export const operator = required(
  "RUSHES_OPERATOR",
  "the address that receives notices about deliveries",
);
/** True if GitHub Actions delivers and needs roles. */
export const githubActions = process.env.RUSHES_GITHUB_ACTIONS === "yes";

export const TARGETS = ["staging", "production"] as const satisfies readonly Target[];
export const account = aws.getCallerIdentityOutput().accountId;
export const region = aws.getRegionOutput().region;
export const tags = { app: $app.name, stage: $app.stage };

/** A common prefix, so that policies can distinguish the pipeline's resources from the app's. */
export const named = (part: string): string => `${$app.name}-pipeline-${part}`;

/** The parameter with the settings of a stage, one `NAME=value` per line. */
export const settingsName = (target: Target): string => `/${$app.name}/${target}/settings`;
/** The function of the deployed stage that writes the record. infra/record.ts creates it. */
export const recorderName = (target: Target): string => `${$app.name}-${target}-release-recorded`;
