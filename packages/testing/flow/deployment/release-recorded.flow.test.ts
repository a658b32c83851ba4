import { createServer } from "node:http";
import type { Owner } from "@rushes/core/actor";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { OWNER } from "../../owner.ts";
import { type Stack, startStack } from "../../stack.ts";

const EXECUTION = "0f0f0f0f-1111-2222-3333-444444444444";
const ARN = "arn:aws:sts::000000000000:assumed-role/approvers/ann";
const admin: Owner = { ...OWNER, role: "admin", via: "session", credentialId: "ses_1" };

/** The calls to CodePipeline. The local stack has no CodePipeline, and there are only three calls. */
const asked: { action: string; body: Record<string, unknown> }[] = [];
const server = createServer(async (request, response) => {
  const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString());
  asked.push({ action, body });
  const answer = action === "ListActionExecutions" ? page(body.nextToken) : {};
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end(JSON.stringify(answer));
});

const detail = (category: string, status: string) => ({
  ...{ stageName: category.toLowerCase(), status, updatedBy: ARN },
  input: { actionTypeId: { category, owner: "AWS", provider: "x", version: "1" } },
});
const page = (token: unknown) =>
  token === undefined
    ? { actionExecutionDetails: [detail("Build", "Succeeded")], nextToken: "2" }
    : { actionExecutionDetails: [detail("Approval", "Succeeded")] };

let stack: Stack;
let handler: typeof import("@rushes/functions/release-recorded").handler;

beforeAll(async () => {
  stack = await startStack();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  process.env.AWS_ENDPOINT_URL_CODEPIPELINE = `http://127.0.0.1:${address.port}`;
  ({ handler } = await import("@rushes/functions/release-recorded"));
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  await stack.close();
});

const event = (UserParameters: string) => ({
  "CodePipeline.job": {
    ...{ id: "11111111-abcd-1111-abcd-111111abcdef", accountId: "000000000000" },
    data: {
      actionConfiguration: { configuration: { FunctionName: "x", UserParameters } },
      inputArtifacts: [],
    },
  },
});
const released = {
  ...{ version: "1.2.3", commit: "c".repeat(40), url: "https://video.example.com" },
  ...{ pipeline: "rushes-pipeline", pipelineExecutionId: EXECUTION },
};

test("records a delivery once with its approver, even if the pipeline retries", async () => {
  const Deployment = await import("@rushes/core/deployment/index");
  const { withActor } = await import("@rushes/core/actor");
  await handler(event(JSON.stringify(released)));
  await handler(event(JSON.stringify(released)));
  const { deployments } = await withActor(admin, () => Deployment.list());
  expect(deployments).toEqual([
    {
      ...{ id: expect.stringMatching(/^dpl_/), deployedAt: expect.any(String), stage: "test" },
      ...{ version: "1.2.3", commit: "c".repeat(40), url: "https://video.example.com" },
      ...{ approvedBy: ARN, pipelineExecutionId: EXECUTION, outcome: "deployed" },
    },
  ]);
  expect(asked.map(({ action }) => action)).toEqual([
    ...["ListActionExecutions", "ListActionExecutions", "PutJobSuccessResult"],
    ...["ListActionExecutions", "ListActionExecutions", "PutJobSuccessResult"],
  ]);
  expect(asked[0]?.body).toMatchObject({
    pipelineName: "rushes-pipeline",
    filter: { pipelineExecutionId: EXECUTION },
  });
});

test("fails the pipeline's step at once with the reason if the record is invalid", async () => {
  await handler(event("{}"));
  expect(asked).toMatchObject([
    {
      action: "PutJobFailureResult",
      body: {
        jobId: "11111111-abcd-1111-abcd-111111abcdef",
        failureDetails: { type: "JobFailed", message: expect.stringContaining("version") },
      },
    },
  ]);
});
