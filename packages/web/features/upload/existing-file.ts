import { hashWhole, type PlannedHashes } from "@rushes/core/transfer/planned-hashes";
import { withRetry } from "@rushes/core/transfer/retry";
import type { Existing } from "@rushes/core/upload/schema";
import type { EngineContext } from "./engine-context.ts";
import { endClaim } from "./file-task.ts";

type Run = { key: string; file: File; signal: AbortSignal };

/** Removes a file that is a video already from the list, until the user decides about it. */
export function setAside(context: EngineContext, { key, signal }: Run, video: Existing): void {
  const task = context.tasks.get(key);
  // Nobody needs an answer for a file that was canceled or paused meanwhile. A paused one is created again.
  if (!task || signal.aborted) return;
  const { file, profile } = task;
  context.tasks.delete(key);
  endClaim(task);
  context.repeated.push({ file, profile, again: true });
  context.store.dispatch({ type: "existing", key, signal, video });
}

/** The checksum of a whole file, which is compared with that of a video. */
export function hashToCompare(
  { env, store }: EngineContext,
  { key, file, signal }: Run,
  hashes: PlannedHashes,
): Promise<string> {
  store.dispatch({ type: "comparing", key, signal, comparing: "video" });
  const hash = (bytes: Blob) => withRetry(() => env.hash(bytes, signal), env, signal);
  return hashWhole({ file, hash, signal, hashes });
}
