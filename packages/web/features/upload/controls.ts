import { rememberFile } from "./chosen-file.ts";
import type { EngineContext } from "./engine-context.ts";
import { continued, discardUpload, endClaim, runFile } from "./file-task.ts";
import { STARTS_PER_TASK } from "./open-batch.ts";
import { isPausable } from "./state.ts";
import { ended, inFlight } from "./status.ts";
import type { UploadFile } from "./upload-file.ts";

function filesOf({ store }: EngineContext, keys: readonly string[]): UploadFile[] {
  const wanted = new Set(keys);
  return store.state().files.filter(({ key }) => wanted.has(key));
}

/** Stops uploads and removes what has arrived. */
export function cancel(context: EngineContext, keys: readonly string[]): void {
  const files = filesOf(context, keys).filter(inFlight);
  context.store.dispatch({ type: "canceled", keys: files.map(({ key }) => key) });
  for (const { key } of files) {
    const task = context.tasks.get(key);
    context.tasks.delete(key);
    task?.controller.abort();
    if (task) endClaim(task, task.open && discardUpload(context, task.open));
  }
}

/** Stops uploads and keeps what has arrived. The next files that wait take their turn. */
export function pause(context: EngineContext, keys: readonly string[]): void {
  const files = filesOf(context, keys).filter(isPausable);
  const stopped = new Set(files.map(({ key }) => key));
  context.store.dispatch({ type: "paused", keys: [...stopped] });
  context.queue = context.queue.filter((key) => !stopped.has(key));
  for (const key of stopped) {
    const task = context.tasks.get(key);
    if (task?.open) task.open = continued(task.open);
    task?.controller.abort();
  }
}

/** Starts new runs of files with this status. An upload that is open continues with what has arrived. */
export async function restart(
  context: EngineContext,
  keys: readonly string[],
  status: "paused" | "failed",
): Promise<void> {
  const runs = filesOf(context, keys).flatMap((file) => {
    const task = context.tasks.get(file.key);
    if (!task || file.status !== status) return [];
    task.controller = new AbortController();
    rememberFile(task.controller.signal, task);
    task.sentBytes = 0;
    return [{ key: file.key, signal: task.controller.signal, open: task.open }];
  });
  context.store.dispatch({ type: "restarted", runs });
  enqueue(
    context,
    runs.filter(({ open }) => !open).map(({ key }) => key),
  );
  let started = 0;
  for (const { key, signal, open } of runs) {
    if (!open || signal.aborted) continue;
    if (started > 0 && started % STARTS_PER_TASK === 0) await context.env.nextTask();
    started += 1;
    if (!signal.aborted) void runFile(context, key, open);
  }
}

/** Adds files without an upload to the queue, at their places in the list. */
function enqueue(context: EngineContext, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const place = new Map(context.store.state().files.map(({ key }, index) => [key, index]));
  const placeOf = (key: string) => place.get(key) ?? 0;
  context.queue = [...context.queue, ...keys].sort((a, b) => placeOf(a) - placeOf(b));
  context.openMore();
}

/** Forgets files that have ended. */
export function dismiss(context: EngineContext, keys: readonly string[]): void {
  const files = filesOf(context, keys).filter(ended);
  for (const { key } of files) {
    const task = context.tasks.get(key);
    if (task) endClaim(task, task.open && discardUpload(context, task.open));
    context.tasks.delete(key);
  }
  context.store.dispatch({ type: "dismissed", keys: files.map(({ key }) => key) });
}
