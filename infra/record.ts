/**
 * What a delivery calls when it has deployed this stage. It is part of the stage, and not of the pipeline,
 * so that the record is written by the code that was deployed, into the table that it goes with.
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
      // An answer to a job knows no resource; who answers must know the job's id.
      {
        actions: ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
        resources: ["*"],
      },
    ],
  }),
  // The pipeline knows it by this name, and nothing else of the stage.
  name: `${$app.name}-${$app.stage}-release-recorded`,
});
