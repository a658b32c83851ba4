/** What all functions share, so that each page below says only what is its own. */
import { withoutSources } from "./maps.ts";
import { logRetention } from "./stage.ts";

type Permission = sst.aws.FunctionPermissionArgs;

/** Arguments of a function that runs `packages/functions/<handler>.ts`. */
export function lambda(
  handler: string,
  own: {
    timeout: sst.aws.FunctionArgs["timeout"];
    memory?: sst.aws.FunctionArgs["memory"];
    link: unknown[];
    permissions: Permission[];
    /** Where an invocation goes that failed as often as it may. */
    onFailure?: sst.aws.Queue;
  },
): sst.aws.FunctionArgs {
  const { onFailure } = own;
  return {
    handler: `packages/functions/${handler}.handler`,
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout: own.timeout,
    memory: own.memory ?? "512 MB",
    link: own.link,
    permissions: [
      ...own.permissions,
      ...(onFailure ? [{ actions: ["sqs:SendMessage"], resources: [onFailure.arn] }] : []),
    ],
    logging: { retention: logRetention, format: "json" },
    // Split, so that a start does not read what only other ways to credentials need.
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
