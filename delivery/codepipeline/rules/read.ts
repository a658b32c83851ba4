/** Reads the actions of the evaluated pipeline, and the projects, roles and buildspecs that they use. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { Graph, Resource } from "../../../infra/testing/graph.ts";
import { at, list, of, text } from "../../../infra/testing/read.ts";

export const BUILDSPECS = "delivery/buildspec";

export const roles = (graph: Graph): Resource[] => of(graph, "aws:iam/role:Role");
export const projects = (graph: Graph): Resource[] => of(graph, "aws:codebuild/project:Project");
export const pipelineOf = (graph: Graph): Resource | undefined =>
  of(graph, "aws:codepipeline/pipeline:Pipeline")[0];

const byArn = (all: Resource[], arn: unknown): Resource | undefined =>
  all.find(({ inputs }) => text(arn).endsWith(`/${inputs.name}`));
export const policyByArn = (graph: Graph, arn: unknown): Resource | undefined =>
  byArn(of(graph, "aws:iam/policy:Policy"), arn);
export const roleByArn = (graph: Graph, arn: unknown): Resource | undefined =>
  byArn(roles(graph), arn);

export interface Action {
  stage: string;
  action: unknown;
  /** The CodeBuild project that it runs, and that project's buildspec. */
  project?: Resource;
  buildspec: string;
  role?: Resource;
}

/** Every action of the pipeline, in the order in which it runs. */
export const actions = (graph: Graph): Action[] =>
  list(pipelineOf(graph)?.inputs.stages).flatMap((stage) =>
    list(at(stage, "actions")).map((action) => {
      const name = at(action, "configuration.ProjectName");
      const project = projects(graph).find(({ inputs }) => inputs.name === name);
      return {
        stage: text(at(stage, "name")),
        action,
        project,
        buildspec: text(at(project?.inputs, "source.buildspec")),
        role: roleByArn(graph, project?.inputs.serviceRole),
      };
    }),
  );

/** The stage that a project deploys, tests or reports about. */
export const target = ({ project }: Action): string =>
  text(
    at(
      list(at(project?.inputs, "environment.environmentVariables")).find(
        (variable) => at(variable, "name") === "DELIVERY_STAGE",
      ),
      "value",
    ),
  );
export const isDeploy = (action: Action, stage?: string): boolean =>
  action.buildspec === `${BUILDSPECS}/deploy.yml` && (!stage || target(action) === stage);
export const isCategory = ({ action }: Action, category: string): boolean =>
  at(action, "category") === category;

const Buildspec = z.object({
  version: z.number(),
  env: z
    .object({
      "exported-variables": z.array(z.string()).optional(),
      variables: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  phases: z.record(z.string(), z.object({ commands: z.array(z.string()) })),
  cache: z.unknown().optional(),
});
export type Buildspec = z.infer<typeof Buildspec>;

/** A buildspec in the evaluated copy of the project. Undefined if it does not exist. */
export function buildspec(root: string, path: string): Buildspec | undefined {
  try {
    return Buildspec.parse(parse(readFileSync(join(root, path), "utf8")));
  } catch {
    return undefined;
  }
}
export const commands = (spec: Buildspec | undefined): string[] =>
  Object.values(spec?.phases ?? {}).flatMap((phase) => phase.commands);
