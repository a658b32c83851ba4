import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  paginateListActionExecutions,
} from "@aws-sdk/client-codepipeline";

const client = new CodePipelineClient({});

/** Who approved an execution. Undefined if it has no approval. */
export async function findApprover(pipelineName: string, pipelineExecutionId: string) {
  const input = { pipelineName, filter: { pipelineExecutionId } };
  for await (const page of paginateListActionExecutions({ client }, input)) {
    const approval = page.actionExecutionDetails?.find(
      ({ input, status }) => input?.actionTypeId?.category === "Approval" && status === "Succeeded",
    );
    if (approval) return approval.updatedBy?.slice(0, 300);
  }
  return undefined;
}

/**
 * Runs a step of a pipeline and reports its result. CodePipeline does not see an error that a function
 * throws: it would wait an hour for a result.
 */
export async function reportResult(jobId: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const failureDetails = { type: "JobFailed", message: String(error).slice(0, 2000) } as const;
    await client.send(new PutJobFailureResultCommand({ jobId, failureDetails }));
    return;
  }
  await client.send(new PutJobSuccessResultCommand({ jobId }));
}
