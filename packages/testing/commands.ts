import { s3 } from "@rushes/core/storage";
import { client } from "@rushes/core/table/index";

/** What a test does about a command: lets it happen, or dies before or after it. */
export type Watcher = (name: string) => "go" | "die before" | "die after";

/** What a process that was killed would have had to say. */
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
// Two lines, because their stacks have types of their own.
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

/** Runs with every command to S3 and to the table told to `watch`. One at a time. */
export async function watched<R>(watch: Watcher, run: () => Promise<R>): Promise<R> {
  watcher = watch;
  try {
    return await run();
  } finally {
    watcher = undefined;
  }
}
