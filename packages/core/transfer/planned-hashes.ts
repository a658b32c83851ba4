import { planFor } from "../upload/plan.ts";
import type { Plan } from "../upload/schema.ts";
import { type Checksums, createHashes } from "./hashes.ts";
import { planParts } from "./part.ts";

/** Checksums of parts of a file before its upload exists, under the plan that the server is expected to choose. */
export interface PlannedHashes {
  plan: Plan;
  checksums: Checksums;
}

export const plannedHashes = (sizeBytes: number): PlannedHashes => ({
  plan: planFor(sizeBytes),
  checksums: new Map(),
});

/** The checksums, if the upload has the expected plan: a newer server may cut the file into other parts. */
export function checksumsUnder(
  plan: Plan,
  hashes: PlannedHashes | undefined,
): Checksums | undefined {
  if (plan.kind === "single" || hashes?.plan.kind !== "multipart") return undefined;
  return hashes.plan.partSizeBytes === plan.partSizeBytes ? hashes.checksums : undefined;
}

/**
 * The checksum of a whole file. Adds those of its parts to `hashes`, so that an upload of the file, or another call, does not
 * read it again. Rejects as `createHashes` does.
 */
export async function hashWhole(options: {
  file: Blob;
  hash(bytes: Blob): Promise<string>;
  signal: AbortSignal;
  hashes: PlannedHashes;
}): Promise<string> {
  const { file, hash, signal, hashes } = options;
  const hashed = createHashes({ file, hash, signal, checksums: hashes.checksums });
  const parts = planParts(hashes.plan, file.size);
  // One after another, because the same worker may hash the parts of files that are being sent.
  for (const part of parts) await hashed.of(part);
  return hashed.whole(parts);
}
