/** Settings that all functions share: runtime, memory, logs, source maps. */
import { withoutSources } from "./maps.ts";
import { logRetention } from "./stage.ts";

type Permission = sst.aws.FunctionPermissionArgs;

/** Arguments of one of Rushes's functions. */
export function lambda({
  handler,
  timeout,
  link,
  permissions,
  onFailure,
}: {
  /** `packages/functions/<name>.handler`. */
  handler: string;
  timeout: sst.aws.FunctionArgs["timeout"];
  link: unknown[];
  permissions: Permission[];
  /** The dead-letter queue of an asynchronous invocation that has failed after every retry. */
  onFailure?: sst.aws.Queue;
}): sst.aws.FunctionArgs {
  return {
    handler,
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout,
    memory: "512 MB",
    link,
    permissions: [
      ...permissions,
      ...(onFailure ? [{ actions: ["sqs:SendMessage"], resources: [onFailure.arn] }] : []),
    ],
    logging: { retention: logRetention, format: "json" },
    // Splitting keeps credential providers that Lambda does not use out of the cold start.
    nodejs: { minify: true, sourcemap: true, splitting: true },
    hook: { postbuild: withoutSources },
    environment: { NODE_OPTIONS: "--enable-source-maps" },
    ...(onFailure && {
      retries: 2,
      transform: {
        eventInvokeConfig: (args) => {
          args.destinationConfig = { onFailure: { destination: onFailure.arn } };
        },
      },
    }),
  };
}
