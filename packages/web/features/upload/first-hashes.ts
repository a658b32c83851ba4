import type { Checksums } from "@rushes/core/transfer/hashes";
import { planParts } from "@rushes/core/transfer/part";
import { withRetry } from "@rushes/core/transfer/retry";
import { CONNECTIONS, planFor } from "@rushes/core/upload/plan";
import type { Plan } from "@rushes/core/upload/schema";
import type { EngineEnvironment } from "./engine-context.ts";

/** The checksums of the first parts of a file, under the plan that the server is expected to choose. */
export interface FirstHashes {
  plan: Plan;
  checksums: Checksums;
}

/**
 * Begins to hash a part for each connection, while the server creates the upload: then all connections start at once.
 * Returns undefined for a file that is sent in one PUT.
 */
export function hashFirstParts(
  env: EngineEnvironment,
  file: File,
  signal: AbortSignal,
): FirstHashes | undefined {
  const plan = planFor(file.size);
  if (plan.kind === "single") return undefined;
  const checksums: Checksums = new Map();
  for (const { start, end } of planParts(plan, file.size).slice(0, CONNECTIONS)) {
    const hash = () => env.hash(file.slice(start, end), signal);
    // The run that needs the part reads it again, and reports the error.
    const hashed = withRetry(hash, env, signal).catch(() => undefined);
    checksums.set(start, hashed);
  }
  return { plan, checksums };
}

/** The checksums, if the upload has the expected plan: a newer server may cut the file into other parts. */
export function checksumsUnder(plan: Plan, first: FirstHashes | undefined): Checksums | undefined {
  if (plan.kind === "single" || first?.plan.kind !== "multipart") return undefined;
  return first.plan.partSizeBytes === plan.partSizeBytes ? first.checksums : undefined;
}
