/**
 * Runs in the child process of evaluate.ts: the app's program under Pulumi's mocks, bundled with `sst.config.ts` and
 * SST's components. Sends the graph to its parent and exits.
 */
import * as pulumi from "@pulumi/pulumi";
import { bundled, handlers, startCli } from "./cli.ts";
import type { Graph, Resource } from "./graph.ts";
import { mock } from "./mocks.ts";

/** The part of the monitor's request that its mocks do not receive. */
interface Registration {
  getParent(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
}

/** Marks a secret in Pulumi's serialized values. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Inputs with unwrapped secrets: they become `{ secret: value }`. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value && "value" in value) return { secret: plain(value.value) };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function fail(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** Replaces AWS with mocks. The list that it returns receives every resource that the program registers. */
async function recordResources(app: { name: string; stage: string }): Promise<Resource[]> {
  const resources: Resource[] = [];
  let registration: Registration | undefined;
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const of = registration;
        resources.push({
          type: args.type,
          name: args.name,
          inputs: plain(args.inputs) as Resource["inputs"],
          parent: of?.getParent() ?? "",
          protect: of?.getProtect() ?? false,
          retainOnDelete: of?.getRetainondelete() ?? false,
        });
        return mock.resource(args);
      },
      call: (args) => mock.call(args),
    },
    app.name,
    app.stage,
    false,
  );
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("Pulumi has no monitor.");
  // Its overloads differ only in their callbacks.
  const register = monitor.registerResource as unknown as (...args: unknown[]) => unknown;
  Reflect.set(monitor, "registerResource", (request: Registration, ...rest: unknown[]) => {
    // The mock runs before the first await of this call, so it sees exactly this request.
    registration = request;
    return register.call(monitor, request, ...rest);
  });
  return resources;
}

/** Evaluates `program` and sends every resource that it would create to the parent. */
export async function evaluate(
  program: () => Promise<Record<string, unknown>>,
  app: Graph["app"] & { name: string; stage: string },
): Promise<void> {
  // An error inside an `apply` reaches no caller, so the stack would never settle.
  process.on("unhandledRejection", fail);
  process.on("uncaughtException", fail);
  await startCli();
  // The code of dynamic providers, which no rule reads. Its serialization takes a debugger session and a compiler.
  const closures = require("@pulumi/pulumi/runtime/closure/serializeClosure");
  closures.serializeFunction = async () => ({ text: "", exportName: "", containsSecrets: false });
  const resources = await recordResources(app);
  let outputs: Record<string, unknown> | undefined;
  // Components create resources inside an `apply`, also after the program has returned. So the evaluation ends when
  // nothing is pending, and has failed if its promise has not settled by then.
  process.channel?.unref();
  process.once("beforeExit", () => {
    if (!outputs) fail("The program waits for something that never comes.");
    const { stage, removal, protect } = app;
    const graph: Graph = {
      stage,
      app: { removal, protect },
      outputs,
      resources,
      handlers,
      bundling: bundled(),
    };
    process.send?.(graph, () => process.exit(0));
  });
  outputs = (await pulumi.runtime.runInPulumiStack(program)) ?? {};
}
