import * as z from "zod";
import { DeploymentId } from "../id.ts";

/** One deployment: what runs, since when, and who approved it. */
export const Info = z.object({
  id: DeploymentId,
  stage: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  commit: z.string().min(1).max(64),
  deployedAt: z.iso.datetime(),
  /** The approver's name, email address or ARN, as the pipeline states it. */
  approvedBy: z.string().min(1).max(300).optional(),
  pipelineExecutionId: z.string().min(1).max(200).optional(),
  url: z.url().optional(),
  /** Rolled back: an older recorded commit was deployed again. */
  outcome: z.enum(["deployed", "rolled-back"]),
});
export type Info = z.infer<typeof Info>;

/** What a pipeline provides. The rest is derived. */
export const New = Info.omit({ id: true, outcome: true, deployedAt: true });
export type New = z.infer<typeof New>;
