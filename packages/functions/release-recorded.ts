import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  paginateListActionExecutions,
} from "@aws-sdk/client-codepipeline";
import { withActor } from "@rushes/core/actor";
import * as Deployment from "@rushes/core/deployment/index";
import { resource } from "@rushes/core/resource";
import * as z from "zod";

const pipelines = new CodePipelineClient({});

const Job = z.object({
  "CodePipeline.job": z.object({
    id: z.string(),
    data: z.object({
      actionConfiguration: z.object({ configuration: z.object({ UserParameters: z.string() }) }),
    }),
  }),
});
/** `ReleaseParameters` of delivery/stages.ts. */
const Released = z.object({
  version: z.string(),
  commit: z.string(),
  url: z.url(),
  pipeline: z.string(),
  pipelineExecutionId: z.string(),
});

/** A step of the pipeline on AWS: writes down what it has just deployed, and who let it. */
export async function handler(event: unknown): Promise<void> {
  const { id, data } = Job.parse(event)["CodePipeline.job"];
  try {
    await record(data.actionConfiguration.configuration.UserParameters);
  } catch (error) {
    // The pipeline waits an hour for an answer that a thrown error does not give.
    const message = String(error).slice(0, 2000);
    await pipelines.send(
      new PutJobFailureResultCommand({
        jobId: id,
        failureDetails: { type: "JobFailed", message },
      }),
    );
    return;
  }
  await pipelines.send(new PutJobSuccessResultCommand({ jobId: id }));
}

async function record(parameters: string): Promise<void> {
  const { pipeline, ...released } = Released.parse(JSON.parse(parameters));
  const approvedBy = await approver(pipeline, released.pipelineExecutionId);
  await withActor({ type: "system" }, () =>
    Deployment.record({
      stage: resource().App.stage,
      ...released,
      ...(approvedBy && { approvedBy }),
    }),
  );
}

async function approver(pipelineName: string, pipelineExecutionId: string) {
  const filter = { pipelineExecutionId };
  for await (const page of paginateListActionExecutions(
    { client: pipelines },
    { pipelineName, filter },
  )) {
    const approval = page.actionExecutionDetails?.find(
      ({ input, status }) => input?.actionTypeId?.category === "Approval" && status === "Succeeded",
    );
    if (approval) return approval.updatedBy?.slice(0, 300);
  }
  return undefined;
}
