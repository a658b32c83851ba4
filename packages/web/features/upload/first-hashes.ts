import { planParts } from "@rushes/core/transfer/part";
import { type PlannedHashes, plannedHashes } from "@rushes/core/transfer/planned-hashes";
import { withRetry } from "@rushes/core/transfer/retry";
import { CONNECTIONS } from "@rushes/core/upload/plan";
import type { EngineEnvironment } from "./engine-context.ts";

/**
 * Begins to hash a part for each connection, while the server creates the upload: then all connections start at once.
 * Returns undefined for a file that is sent in one PUT.
 */
export function hashFirstParts(
  env: EngineEnvironment,
  file: File,
  signal: AbortSignal,
): PlannedHashes | undefined {
  const hashes = plannedHashes(file.size);
  const { plan, checksums } = hashes;
  if (plan.kind === "single") return undefined;
  for (const { start, end } of planParts(plan, file.size).slice(0, CONNECTIONS)) {
    const hash = () => env.hash(file.slice(start, end), signal);
    // The run that needs the part reads it again, and reports the error.
    const hashed = withRetry(hash, env, signal).catch(() => undefined);
    checksums.set(start, hashed);
  }
  return hashes;
}
