import { s3 } from "@rushes/core/storage";
import { client } from "@rushes/core/table/index";

/** The outcome of an AWS command: it runs, or the process "dies" before or after it. */
export type Watcher = (name: string) => "go" | "die before" | "die after";

/** Thrown instead of ending the process. */
export class Killed extends Error {}

let watcher: Watcher | undefined;
const at = { step: "initialize", name: "watchOfTests" } as const;

async function meet<R>(name: string | undefined, run: () => Promise<R>): Promise<R> {
  const fate = watcher?.(name ?? "") ?? "go";
  if (fate === "die before") throw new Killed(name);
  const answer = await run();
  if (fate === "die after") throw new Killed(name);
  return answer;
}
// Two calls, because the middleware stacks have different types.
s3.middlewareStack.add(
  (next, { commandName: name }) =>
    (args) =>
      meet(name, () => next(args)),
  at,
);
client.middlewareStack.add(
  (next, { commandName: name }) =>
    (args) =>
      meet(name, () => next(args)),
  at,
);

/** Calls `watch` for every command to S3 and to the table during `run`. Use one at a time. */
export async function watched<R>(watch: Watcher, run: () => Promise<R>): Promise<R> {
  watcher = watch;
  try {
    return await run();
  } finally {
    watcher = undefined;
  }
}
