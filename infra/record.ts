/**
 * The function that a delivery calls after it has deployed this stage. It is part of the stage and not of the pipeline,
 * so that the deployed code writes the record into its own table.
 */
import { lambda } from "./function.ts";
import { link } from "./functions.ts";
import * as may from "./permissions.ts";
import { release } from "./release.ts";

const pipeline = $interpolate`arn:aws:codepipeline:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:${$app.name}-pipeline`;

export const releaseRecorded = new sst.aws.Function("ReleaseRecorded", {
  ...lambda({
    handler: "packages/functions/release-recorded.handler",
    timeout: "30 seconds",
    link: [...link, release],
    permissions: [
      may.rows("GetItem", "PutItem", "Query"),
      { actions: ["codepipeline:ListActionExecutions"], resources: [pipeline] },
      // IAM knows no resource for a job's result. The caller must know the job's id.
      {
        actions: ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
        resources: ["*"],
      },
    ],
  }),
  // The pipeline knows only this name of the stage.
  name: `${$app.name}-${$app.stage}-release-recorded`,
});
