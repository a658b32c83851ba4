/** The two stages that tests look at, as a deployer would have set them up. */
import { evaluate } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { PLANTED } from "./rules.ts";

export const ENVIRONMENT = {
  RUSHES_DOMAIN: "video.example.com",
  RUSHES_SENDER: "video@example.com",
  RUSHES_OPERATOR: "operator@example.com",
};
export const SECRETS = { Secret: PLANTED };
export const STAGES = ["development", "production"] as const;
export type Stage = (typeof STAGES)[number];

export const evaluateStage = (stage: Stage, source?: string): Promise<Graph> =>
  evaluate({ stage, environment: ENVIRONMENT, secrets: SECRETS, ...(source && { source }) });
