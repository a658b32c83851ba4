import * as z from "zod";
import { resource } from "../resource.ts";
import * as Deployment from "./index.ts";
import type { Info } from "./schema.ts";

/** `ReleaseParameters` of the delivery, which CodePipeline passes as text. */
const Release = z.object({
  version: z.string(),
  commit: z.string(),
  url: z.url(),
  pipeline: z.string(),
  pipelineExecutionId: z.string(),
});

/** Finds who approved an execution of a pipeline. Undefined if nobody had to. */
export type FindApprover = (pipeline: string, executionId: string) => Promise<string | undefined>;

/** Records what a pipeline has just deployed, and who approved it. Safe to repeat. */
export async function recordRelease(parameters: string, findApprover: FindApprover): Promise<Info> {
  const { pipeline, ...release } = Release.parse(JSON.parse(parameters));
  const approvedBy = await findApprover(pipeline, release.pipelineExecutionId);
  return Deployment.record({ stage: resource().App.stage, ...release, approvedBy });
}
