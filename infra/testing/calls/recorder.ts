/**
 * Records every AWS call that a process makes or presigns through the SDK: the code that made it, the function, and the
 * final input before it is sent. Only the flow tier uses it (see setup.ts). The product does not depend on it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { violations } from "./model.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** The variable with the folder for the records. Without it, calls are checked but not recorded. */
export const RECORD = "RUSHES_RECORD_CALLS";

/** The key under which modules that roles.ts changed find the recorder. */
const KEY = Symbol.for("rushes.calls");

export interface Recorder {
  /** Attributes all calls of `run` to the function `role`. */
  as<A extends unknown[], R>(role: string, run: (...args: A) => R): (...args: A) => R;
  /** The problems with calls since the last time this was called. */
  wrong(): string[];
}

type Middleware = (next: (args: unknown) => unknown) => (args: { input: unknown }) => unknown;
interface Stack {
  clone(): Stack;
  add(middleware: Middleware, at: object): void;
  identify(): string[];
}
type Resolve = (
  this: unknown,
  stack: Stack,
  configuration: { serviceId?: string },
  options: unknown,
  of: { clientName: string; commandName: string },
) => unknown;

/** Records every SDK call of this process from now on. A second call returns the first recorder. */
export function install(): Recorder {
  const known: unknown = Reflect.get(globalThis, KEY);
  // Only this function sets it.
  if (known) return known as Recorder;
  const roles = new AsyncLocalStorage<string>();
  const found: string[] = [];
  const written = new Set<string>();
  const { Command } = sdk();
  const original = Command.prototype.resolveMiddlewareWithContext;
  Command.prototype.resolveMiddlewareWithContext = function (stack, configuration, options, of) {
    if (!isProductCall()) return original.call(this, stack, configuration, options, of);
    const service = of.clientName.replace(/Client$/, "").toLowerCase();
    const operation = of.commandName.replace(/Command$/, "");
    const presigned = stack.identify().some((line) => line.includes("presignIntercept"));
    const seen = stack.clone();
    const record: Middleware = (next) => (args) => {
      found.push(...violations(service, operation, args.input));
      const role = roles.getStore();
      if (role !== undefined) {
        for (const call of callsOf(service, operation, args.input, presigned)) write(role, call);
      }
      return next(args);
    };
    // After all code that changes the input, such as the document client just before serialization.
    seen.add(record, { step: "serialize", priority: "low", name: "lookOfTests" });
    return original.call(this, seen, configuration, options, of);
  };

  function write(role: string, call: string): void {
    const folder = process.env[RECORD];
    const line = JSON.stringify({ role, call });
    if (!folder || written.has(line)) return;
    written.add(line);
    // One file per process, because several test files run at once.
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${line}\n`);
  }

  const recorder: Recorder = {
    as:
      (role, run) =>
      (...args) =>
        roles.run(role, () => run(...args)),
    wrong: () => [...new Set(found.splice(0))],
  };
  Reflect.set(globalThis, KEY, recorder);
  return recorder;
}

/** The base class of every SDK command, as the clients load it. */
function sdk(): { Command: { prototype: { resolveMiddlewareWithContext: Resolve } } } {
  const core = createRequire(join(ROOT, "packages/core/index.js"));
  const client = createRequire(core.resolve("@aws-sdk/client-s3"));
  return client("@smithy/core/client");
}

/**
 * True if the first code outside of node_modules that led to the call is in packages/core, functions or web. Calls of a
 * test or of a local service do not count.
 */
function isProductCall(): boolean {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 40;
  // Skips the test runner's source maps, which cost more than the call itself.
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? "");
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, isProductCall);
  const { stack } = holder;
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
  const files = Array.isArray(stack) ? stack.map(String) : [];
  const first = files
    .map((file) => (file.startsWith("file:") ? fileURLToPath(file) : file))
    .find(
      (file) =>
        file.startsWith(ROOT) &&
        !file.includes("/node_modules/") &&
        !file.startsWith(import.meta.dirname),
    );
  const path = first?.slice(ROOT.length + 1) ?? "";
  return /^packages\/(core|functions|web)\//.test(path) && !/\/testing\/|\.test\.ts$/.test(path);
}

/** One line per call, or per kind of write in a transaction: the action and its resource. */
function callsOf(service: string, operation: string, input: unknown, presigned: boolean): string[] {
  const of = (name: string): unknown =>
    typeof input === "object" && input !== null ? Reflect.get(input, name) : undefined;
  const line = (what: string, on = "") =>
    `${service} ${what}${on && ` ${on}`}${presigned ? " presigned" : ""}`;
  if (service === "s3") return [line(operation, linked(of("Bucket")))];
  if (service === "sqs") return [line(operation, "DeadLetters")];
  if (operation === "Probe") {
    const files = of("InputFiles");
    const [{ FileUrl = "" } = {}] = Array.isArray(files) ? files : [];
    return [line(operation, linked(new URL(FileUrl).hostname))];
  }
  if (operation === "SendEmail") {
    const set = of("ConfigurationSetName") === undefined ? [] : ["configuration-set"];
    return ["identity/*", ...set].map((on) => line(operation, on));
  }
  if (service !== "dynamodb") return [line(operation)];
  const index = of("IndexName");
  const table = (name: unknown) =>
    linked(name) + (typeof index === "string" ? `/index/${index}` : "");
  const writes = of("TransactItems");
  if (Array.isArray(writes)) {
    return writes.flatMap((write: object) =>
      Object.entries(write)
        .filter(([, one]) => one !== undefined)
        .map(([kind, one]) => line(`${operation}.${kind}`, table(one.TableName))),
    );
  }
  const batch = of("RequestItems");
  if (typeof batch === "object" && batch !== null) {
    return Object.keys(batch).map((name) => line(operation, table(name)));
  }
  return [line(operation, table(of("TableName")))];
}

/** The name under which infra links the resource with this name. */
function linked(name: unknown): string {
  const found = ["Table", "Uploads", "Renditions"].find(
    (one) => JSON.parse(process.env[`SST_RESOURCE_${one}`] ?? "{}").name === name,
  );
  return found ?? "unlinked";
}
