/**
 * A process that runs handlers as Lambda does, one event at a time, and keeps its modules between them.
 * It exits when the runner exits.
 */
import { flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { handlerContext } from "./envelope.ts";
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

const send = (message: FromWorker) => process.send?.(message);

async function run(message: Extract<ToWorker, { type: "run" }>): Promise<void> {
  const context = handlerContext(message.context);
  try {
    const handler = await load(message.handler);
    const result = await handler(message.payload, context);
    send({ type: "done", id: message.id, result: result ?? null });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    send({
      type: "failed",
      id: message.id,
      error: { name: error.name, message: error.message, stack: error.stack },
    });
  }
}

async function preload(handlers: string[]): Promise<void> {
  await Promise.allSettled(handlers.map(load));
  send({ type: "ready" });
  // Node writes its compile cache at exit, but the runner kills its workers.
  flushCompileCache();
}

process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches the whole process group, but the runner decides when its workers exit.
process.on("SIGINT", () => {});
process.on("message", (message: ToWorker) => {
  if (message.type === "run") void run(message);
  // An import error is reported when the handler runs.
  else void preload(message.handlers);
});
