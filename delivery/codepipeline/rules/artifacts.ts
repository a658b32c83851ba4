/** The artifacts that stages pass to each other. */
import type { Graph } from "../../../infra/testing/graph.ts";
import { at, failures, list, of, statements, text } from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { pipelineOf, projects } from "./read.ts";

const unencrypted = (graph: Graph): string[] => {
  const isOwnKey = (arn: unknown) =>
    of(graph, "aws:kms/key:Key").some(({ name }) => text(arn).endsWith(`/${name}`));
  const stores = list(pipelineOf(graph)?.inputs.artifactStores);
  const byDefault = of(
    graph,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  )
    .flatMap(({ inputs }) => list(inputs.rules))
    .map((rule) => at(rule, "applyServerSideEncryptionByDefault"))
    .some((by) => at(by, "sseAlgorithm") === "aws:kms" && isOwnKey(at(by, "kmsMasterKeyId")));
  return [
    ...failures(
      [stores.length > 0, "The pipeline has no artifact store."],
      [
        stores.every((store) => isOwnKey(at(store, "encryptionKey.id"))),
        "The artifact store does not use the pipeline's own key.",
      ],
      [byDefault, "The artifact bucket does not encrypt by default."],
    ),
    ...projects(graph)
      .filter(({ inputs }) => !isOwnKey(inputs.encryptionKey))
      .map(({ name }) => `${name} does not encrypt its artifacts with the pipeline's own key.`),
  ];
};

const BLOCKS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];
const isPublic = (graph: Graph): string[] => {
  const [block] = of(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
  const [policy] = of(graph, "aws:s3/bucketPolicy:BucketPolicy");
  const requiresTls = statements(policy?.inputs.policy).some(
    ({ Effect, Condition }) =>
      Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false",
  );
  return [
    ...BLOCKS.filter((setting) => block?.inputs[setting] !== true).map(
      (setting) => `The artifact bucket does not set ${setting}.`,
    ),
    ...failures([requiresTls, "The artifact bucket accepts requests without TLS."]),
  ];
};

export const ARTIFACTS = {
  "artifacts are encrypted with the pipeline's own key": {
    rule: unencrypted,
    breaks: [
      {
        what: "an artifact store that is not encrypted",
        file: "delivery/codepipeline/index.ts",
        find: '      encryptionKey: { id: key.arn, type: "KMS" },\n',
        put: "",
      },
      {
        what: "an artifact bucket that does not encrypt by default",
        file: "delivery/codepipeline/artifacts.ts",
        find: 'sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn',
        put: 'sseAlgorithm: "AES256"',
      },
    ],
  },
  "artifacts are private and require TLS": {
    rule: isPublic,
    breaks: [
      {
        what: "an artifact bucket that accepts plain HTTP",
        file: "delivery/codepipeline/artifacts.ts",
        find: '"aws:SecureTransport": "false"',
        put: '"aws:SecureTransport": "true"',
      },
    ],
  },
} satisfies Rules;
