/**
 * The way from a commit to production: every stage, in the order in which it runs. Both who delivers read
 * it, `delivery/codepipeline/index.ts` (CodePipeline) and `npm run pipeline` (one machine), so that neither can leave
 * out or move a stage; `delivery/codepipeline/pipeline.test.ts` compares them. It imports nothing.
 */

/** What a stage does, whoever runs it. */
type StageKind =
  /** Takes the commit that shall be delivered. */
  | "source"
  /** Proves that everything can be built, and reads the version. */
  | "build"
  /** Runs the checks and every tier of tests that need no deployment. */
  | "test"
  /** Puts the commit where people, or the next stage, can reach it. */
  | "deploy"
  /** Sends a real video through what was deployed. */
  | "e2e"
  /** Tells people how far it came. */
  | "notice"
  /** Waits for a person. */
  | "approval"
  /** Writes down what is deployed now, by whom it was approved, and when. */
  | "record";

/** Where a stage that touches a deployment has its effect. */
export type Target = "staging" | "production";

export interface DeliveryStage {
  /** Its name in both pipelines, in reports and on the command line. */
  id: string;
  /** What a person reads while it runs. */
  title: string;
  kind: StageKind;
  /** Only where a deployment is touched. */
  target?: Target;
  /** What CodeBuild runs, from the root of the repository; none where CodePipeline acts by itself. */
  buildspec?: string;
}

export const STAGES = [
  { id: "source", title: "Take the commit", kind: "source" },
  { id: "build", title: "Build", kind: "build", buildspec: "delivery/buildspec/build.yml" },
  { id: "test", title: "Check and test", kind: "test", buildspec: "delivery/buildspec/test.yml" },
  {
    id: "deploy-staging",
    title: "Deploy to staging",
    kind: "deploy",
    target: "staging",
    buildspec: "delivery/buildspec/deploy.yml",
  },
  {
    id: "e2e-staging",
    title: "Send a video through staging",
    kind: "e2e",
    target: "staging",
    buildspec: "delivery/buildspec/e2e.yml",
  },
  {
    id: "notice-staging",
    title: "Tell that staging is ready",
    kind: "notice",
    target: "staging",
    buildspec: "delivery/buildspec/notice.yml",
  },
  { id: "approval", title: "Wait for approval", kind: "approval", target: "production" },
  {
    id: "deploy-production",
    title: "Deploy to production",
    kind: "deploy",
    target: "production",
    buildspec: "delivery/buildspec/deploy.yml",
  },
  {
    id: "record",
    title: "Record what is deployed",
    kind: "record",
    target: "production",
  },
  {
    id: "notice-production",
    title: "Tell that production is new",
    kind: "notice",
    target: "production",
    buildspec: "delivery/buildspec/notice.yml",
  },
] as const satisfies readonly DeliveryStage[];

/** The id of one of the stages. */
export type StageId = (typeof STAGES)[number]["id"];

/** What the pipeline on AWS hands to `packages/functions/release-recorded.ts`, as JSON in UserParameters. */
export interface ReleaseParameters {
  version: string;
  commit: string;
  /** Where it is served. */
  url: string;
  /** The CodePipeline whose execution this is; who approved is asked of it by ListActionExecutions. */
  pipeline: string;
  pipelineExecutionId: string;
}
