/**
 * Every stage from a commit to production, in the order in which it runs. CodePipeline (`delivery/codepipeline`) and
 * `npm run pipeline` (`delivery/local`) both use this list, so that neither can leave out or move a stage. It imports
 * nothing.
 */

/** The work of a stage, in both pipelines. */
type StageKind =
  /** Checks out the commit. */
  | "source"
  /** Verifies that everything builds, and reads the version. */
  | "build"
  /** Runs the checks and the tests, which need no deployment. */
  | "test"
  /** Deploys the commit. */
  | "deploy"
  /** Uploads a test video to the deployment. */
  | "e2e"
  /** Notifies people. */
  | "notice"
  /** Waits for a person. */
  | "approval"
  /** Records the version, the approver and the time. */
  | "record";

/** The deployment that a stage works on. */
export type Target = "staging" | "production";

export interface DeliveryStage {
  /** The name in both pipelines, in reports and on the command line. */
  id: string;
  /** The title that people see. */
  title: string;
  kind: StageKind;
  /** Undefined if the stage works on no deployment. */
  target?: Target;
  /** The file that CodeBuild runs, from the root of the repository. Undefined if the stage runs no build. */
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

/** The input of `packages/functions/release-recorded.ts`, as JSON in UserParameters. */
export interface ReleaseParameters {
  version: string;
  commit: string;
  /** The URL of the deployment. */
  url: string;
  /** The name of the pipeline. ListActionExecutions returns who approved. */
  pipeline: string;
  pipelineExecutionId: string;
}
