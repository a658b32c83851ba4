/** The two stages of one account that the tests evaluate, as a deployer would configure them. */
import { generateKeyPairSync } from "node:crypto";
import { evaluate } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { PLANTED } from "./rules/stage.ts";

export const ENVIRONMENT = {
  RUSHES_DOMAIN: "video.example.com",
  RUSHES_SENDER: "video@example.com",
  RUSHES_OPERATOR: "operator@example.com",
  RUSHES_PERMISSIONS_BOUNDARY: "arn:aws:iam::123456789012:policy/rushes-pipeline-trial-functions",
};
/** Two stages never share a domain, but they can share a sender. */
const STAGING_DOMAIN = "staging.example.com";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const SECRETS = {
  Secret: PLANTED,
  MediaKey1: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
};
export const STAGES = ["staging", "production"] as const;
export type Stage = (typeof STAGES)[number];

export const evaluateStage = (stage: Stage, source?: string): Promise<Graph> =>
  evaluate({
    stage,
    environment: { ...ENVIRONMENT, ...(stage === "staging" && { RUSHES_DOMAIN: STAGING_DOMAIN }) },
    secrets: SECRETS,
    ...(source && { source }),
  });

/** The pipeline's own stage, with every optional setting. */
export const PIPELINE_ENVIRONMENT = {
  RUSHES_REPOSITORY: "you/rushes",
  RUSHES_OPERATOR: "operator@example.com",
  RUSHES_GITHUB_ACTIONS: "yes",
};
export const evaluatePipeline = (source?: string): Promise<Graph> =>
  evaluate({ stage: "pipeline", environment: PIPELINE_ENVIRONMENT, ...(source && { source }) });
