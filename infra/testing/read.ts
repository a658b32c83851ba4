/** Reads the values that the rules check from an evaluated graph. */
import * as z from "zod";
import type { Graph, Resource } from "./graph.ts";

/** Resources of this type. */
export const of = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === type);

/** A field somewhere in the inputs, by a path such as `destinationConfig.onFailure.destination`. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, step);
    // A secret can be wrapped twice: an input that is secret, computed from a value that is secret.
    while (isSecret(found)) found = found.secret;
  }
  return found;
}
/** A key that contains dots, such as `aws:SourceArn` in a condition's operator. */
export const key = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Secret inputs, as program.ts writes them. */
export const isSecret = (value: unknown): value is { secret: unknown } =>
  typeof value === "object" && value !== null && "secret" in value;
/** The inputs as JSON, without the values of secrets. */
export const withoutSecrets = (inputs: unknown): string =>
  JSON.stringify(inputs, (_, value: unknown) => (isSecret(value) ? "secret" : value));

/** The messages of the checks that fail. */
export const failures = (...checks: [passes: boolean, message: string][]): string[] =>
  checks.filter(([passes]) => !passes).map(([, message]) => message);

const Strings = z.preprocess(list, z.array(z.string()));
const Statement = z.object({
  Effect: z.string(),
  Action: Strings,
  // A resource that the mocks do not know is null. It counts as every resource.
  Resource: z.preprocess((value) => list(value).map((one) => one ?? "*"), z.array(z.string())),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.infer<typeof Statement>;
const Policy = z.object({ Statement: z.preprocess(list, z.array(Statement)) });

/** The statements of a policy document. None if there is no document. */
export const statements = (policy: unknown): Statement[] =>
  Policy.parse(JSON.parse(text(policy) || "{}")).Statement;

/** Every statement that grants something to a role, with the role's name. */
export const grants = (graph: Graph): { role: string; statement: Statement }[] =>
  of(graph, "aws:iam/role:Role").flatMap((role) =>
    list(at(role.inputs, "inlinePolicies")).flatMap((inline) =>
      statements(at(inline, "policy")).map((statement) => ({ role: role.name, statement })),
    ),
  );

/** True if an IAM pattern such as `s3:*` includes the action or the ARN. */
export const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)));

export const nameInArn = (arn: unknown): string => text(arn).slice(text(arn).lastIndexOf(":") + 1);
/** A physical name without the random characters that SST appends. */
export const physicalName = ({ inputs }: Resource): string =>
  text(inputs.name).replace(/-[a-z]{8}$/, "");

export const queueOf = (graph: Graph, arn: unknown): Resource | undefined =>
  of(graph, "aws:sqs/queue:Queue").find((queue) => physicalName(queue) === nameInArn(arn));
export const functionOf = (graph: Graph, arn: unknown): Resource | undefined =>
  of(graph, "aws:lambda/function:Function").find((one) => physicalName(one) === nameInArn(arn));
