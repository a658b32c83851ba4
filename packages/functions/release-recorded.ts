import { withActor } from "@rushes/core/actor";
import { recordRelease } from "@rushes/core/deployment/release";
import * as z from "zod";
import { findApprover, reportResult } from "./code-pipeline.ts";

const Job = z.object({
  id: z.string(),
  data: z.object({
    actionConfiguration: z.object({ configuration: z.object({ UserParameters: z.string() }) }),
  }),
});
const Event = z.object({ "CodePipeline.job": Job });

/** A step of the pipeline on AWS: records what it has just deployed, and who approved it. */
export async function handler(event: unknown): Promise<void> {
  const { id, data } = Event.parse(event)["CodePipeline.job"];
  const { UserParameters } = data.actionConfiguration.configuration;
  const record = () => recordRelease(UserParameters, findApprover);
  await reportResult(id, () => withActor({ type: "system" }, record));
}
