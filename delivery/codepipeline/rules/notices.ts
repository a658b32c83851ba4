/** Notices about deliveries. */
import type { Graph, Resource } from "../../../infra/testing/graph.ts";
import { at, failures, grants, of, text } from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { actions, BUILDSPECS, pipelineOf, roleByArn } from "./read.ts";

const lostNotices = (graph: Graph): string[] => {
  const [topic] = of(graph, "aws:sns/topic:Topic");
  const key = text(topic?.inputs.kmsMasterKeyId);
  const may = (role: Resource | undefined, action: string, resource: string) =>
    grants(graph).some(
      (one) =>
        one.role === role?.name &&
        one.statement.Action.includes(action) &&
        one.statement.Resource.some((arn) => resource !== "" && arn.endsWith(resource)),
    );
  const stopped = of(graph, "aws:cloudwatch/eventTarget:EventTarget");
  const publishers: [name: string, role: Resource | undefined][] = [
    ["The pipeline", roleByArn(graph, pipelineOf(graph)?.inputs.roleArn)],
    ...stopped.map(({ name, inputs }): [string, Resource | undefined] => [
      name,
      roleByArn(graph, inputs.roleArn),
    ]),
    ...actions(graph)
      .filter((one) => one.buildspec === `${BUILDSPECS}/notice.yml`)
      .map(({ stage, role }): [string, Resource | undefined] => [stage, role]),
  ];
  return [
    ...failures(
      [key.includes(":kms:"), "Notices are not encrypted with the pipeline's own key."],
      [
        of(graph, "aws:sns/topicSubscription:TopicSubscription").length > 0,
        "Nobody subscribes to the notices.",
      ],
      [
        stopped.some(({ inputs }) =>
          /^"[^"]*<stage>[^"]*"$/.test(text(at(inputs, "inputTransformer.inputTemplate"))),
        ),
        "A failed delivery sends no notice, or one in JSON.",
      ],
    ),
    ...publishers
      .filter(
        ([, role]) =>
          !may(role, "sns:Publish", `:${text(topic?.inputs.name)}`) ||
          !may(role, "kms:GenerateDataKey", key) ||
          !may(role, "kms:Decrypt", key),
      )
      .map(([name]) => `${name} may not send notices.`),
  ];
};

export const NOTICES = {
  "notices are encrypted, and everything that sends them may": {
    rule: lostNotices,
    breaks: [
      {
        what: "notices that are not encrypted",
        file: "delivery/codepipeline/notices.ts",
        find: "  kmsMasterKeyId: key.arn,\n",
        put: "",
      },
      {
        what: "senders that may not use the topic's key",
        file: "delivery/codepipeline/notices.ts",
        find: '"kms:Decrypt", "kms:GenerateDataKey"',
        put: '"kms:Decrypt"',
      },
    ],
  },
} satisfies Rules;
