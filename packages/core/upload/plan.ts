import type { Plan } from "./schema.ts";

const MIB = 1024 ** 2;
/** Up to this size one PUT is faster than three more requests, and a repeat costs little. */
export const SINGLE_LIMIT_BYTES = 32 * MIB;
export const MIN_PART_BYTES = 16 * MIB;
/** Below S3's 10,000 parts, so that rounding up to whole MiB never exceeds it. */
const MAX_PARTS = 9_500;

/** The plan for a file of this size. */
export function planFor(sizeBytes: number): Plan {
  if (sizeBytes <= SINGLE_LIMIT_BYTES) return { kind: "single" };
  const partSizeBytes = Math.max(MIN_PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS / MIB) * MIB);
  return { kind: "multipart", partSizeBytes, partCount: Math.ceil(sizeBytes / partSizeBytes) };
}

/** Bytes of one part of a plan. The last part has the remainder. */
export function partSize(
  plan: Extract<Plan, { kind: "multipart" }>,
  sizeBytes: number,
  partNumber: number,
): number {
  if (partNumber < plan.partCount) return plan.partSizeBytes;
  return sizeBytes - plan.partSizeBytes * (plan.partCount - 1);
}
