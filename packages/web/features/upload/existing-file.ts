import { type Checksums, createHashes } from "@rushes/core/transfer/hashes";
import { planParts } from "@rushes/core/transfer/part";
import { withRetry } from "@rushes/core/transfer/retry";
import { planFor } from "@rushes/core/upload/plan";
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

/**
 * The checksum of a whole file, which is compared with that of a video. Adds the checksums of the parts, so that an upload of
 * the file does not read it again.
 */
export async function hashWhole(
  { env, store }: EngineContext,
  { key, file, signal }: Run,
  checksums: Checksums,
): Promise<string> {
  store.dispatch({ type: "comparing", key, signal, comparing: "video" });
  const hash = (bytes: Blob) => withRetry(() => env.hash(bytes, signal), env, signal);
  const hashes = createHashes({ file, hash, signal, checksums });
  const parts = planParts(planFor(file.size), file.size);
  // One after another, because the same worker hashes the parts of files that are being sent.
  for (const part of parts) await hashes.of(part);
  return hashes.whole(parts);
}
