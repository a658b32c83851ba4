/**
 * A process that runs handlers as Lambda does, one event at a time, and is kept warm between them.
 * It ends by itself when the runner is gone.
 */
import { pathToFileURL } from "node:url";
import type { FromWorker, ToWorker } from "./protocol.ts";

type Handler = (event: unknown, context: unknown) => unknown;

async function load(path: string): Promise<Handler> {
  const module: unknown = await import(pathToFileURL(path).href);
  const handler: unknown =
    typeof module === "object" && module !== null && "handler" in module
      ? module.handler
      : undefined;
  if (typeof handler !== "function") throw new Error(`${path} exports no function "handler".`);
  return (event, context) => handler(event, context);
}

const say = (message: FromWorker) => process.send?.(message);

async function run(message: Extract<ToWorker, { type: "run" }>): Promise<void> {
  const { context } = message;
  const ends = Date.now() + context.timeoutMs;
  try {
    const handler = await load(message.handler);
    const result = await handler(message.payload, {
      callbackWaitsForEmptyEventLoop: false,
      functionName: context.functionName,
      functionVersion: "$LATEST",
      invokedFunctionArn: `arn:aws:lambda:${context.region}:000000000000:function:${context.functionName}`,
      memoryLimitInMB: "1024",
      awsRequestId: context.awsRequestId,
      logGroupName: `/aws/lambda/${context.functionName}`,
      logStreamName: "local",
      getRemainingTimeInMillis: () => Math.max(0, ends - Date.now()),
    });
    say({ type: "done", id: message.id, result: result ?? null });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    say({
      type: "failed",
      id: message.id,
      error: { name: error.name, message: error.message, stack: error.stack },
    });
  }
}

process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole group of a terminal; the runner decides when its workers end.
process.on("SIGINT", () => {});
process.on("message", (message: ToWorker) => {
  if (message.type === "run") void run(message);
  // A handler that cannot be loaded says so when it is run.
  else void Promise.allSettled(message.handlers.map(load)).then(() => say({ type: "ready" }));
});
